resource "konnect_gateway_plugin_loggly" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    key = "example-key"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
