resource "konnect_gateway_plugin_websocket_size_limit" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    upstream_max_payload = 1048576
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
