resource "konnect_gateway_plugin_basic_auth" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    brute_force_protection = {
      strategy = "memory"
    }
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
