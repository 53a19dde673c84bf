resource "konnect_gateway_plugin_rate_limiting" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    hour   = 1000
    policy = "local"
    second = 5
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
