resource "konnect_gateway_plugin_websocket_validator" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    client = {
      text = {
        schema = "example"
        type   = "draft4"
      }
    }
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
