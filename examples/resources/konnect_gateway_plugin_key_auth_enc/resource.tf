# Konnect does not take this plugin from users; see above.
resource "konnect_gateway_plugin_key_auth_enc" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    key_names = ["apikey"]
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
