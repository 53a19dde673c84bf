resource "konnect_gateway_plugin_canary" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    percentage    = 50
    upstream_host = "service.example.com"
    upstream_port = 80
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
