resource "konnect_gateway_plugin_exit_transformer" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    functions = ["return true"]
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
