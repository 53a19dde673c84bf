resource "konnect_gateway_plugin_proxy_cache" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    strategy = "memory"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
