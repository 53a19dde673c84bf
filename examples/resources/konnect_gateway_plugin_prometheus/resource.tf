resource "konnect_gateway_plugin_prometheus" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    per_consumer = true
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
