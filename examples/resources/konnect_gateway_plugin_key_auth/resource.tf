resource "konnect_gateway_plugin_key_auth" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    key_in_query = false
    key_names    = ["apikey"]
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
