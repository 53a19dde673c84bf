# Konnect does not take this plugin from users; see above.
resource "konnect_gateway_plugin_oauth2" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    enable_client_credentials = true
    provision_key             = "example-provision-key"
    scopes                    = ["email"]
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
