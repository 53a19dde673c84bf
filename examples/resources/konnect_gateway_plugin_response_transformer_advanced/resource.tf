resource "konnect_gateway_plugin_response_transformer_advanced" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    transform = {
      functions = ["return true"]
    }
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
