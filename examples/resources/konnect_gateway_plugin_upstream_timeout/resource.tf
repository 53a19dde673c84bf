resource "konnect_gateway_plugin_upstream_timeout" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    connect_timeout = 5000
    read_timeout    = 5000
    send_timeout    = 5000
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
