resource "konnect_gateway_key" "signing" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  name = "signing-1"
  kid  = "1"
  set  = { id = konnect_gateway_key_set.signing.id }
  pem = {
    public_key = file("${path.module}/signing.pub")
  }
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}

resource "konnect_gateway_key_set" "signing" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  name             = "signing"
}
