resource "konnect_gateway_control_plane" "shop" {
  name        = "shop"
  description = "Everything that the shop offers"

  auth_type = "pki_client_certs"

  labels = {
    env  = "production"
    team = "shop"
  }
}
