resource "konnect_gateway_plugin_route_transformer_advanced" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    path = "example"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
