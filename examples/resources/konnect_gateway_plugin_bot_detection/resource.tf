resource "konnect_gateway_plugin_bot_detection" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    deny = ["[^a-zA-Z0-9]"]
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
