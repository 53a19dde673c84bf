resource "konnect_gateway_plugin_http_log" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    http_endpoint = "https://svc.example.com/path"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
