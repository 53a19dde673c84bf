resource "konnect_gateway_plugin_udp_log" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    host = "example"
    port = 0
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
