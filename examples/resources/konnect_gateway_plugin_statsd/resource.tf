resource "konnect_gateway_plugin_statsd" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {}

  service = {
    id = konnect_gateway_service.orders.id
  }
}
