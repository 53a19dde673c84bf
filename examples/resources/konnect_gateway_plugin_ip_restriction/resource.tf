resource "konnect_gateway_plugin_ip_restriction" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    allow = ["203.0.113.1", "192.0.2.0/24"]
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
