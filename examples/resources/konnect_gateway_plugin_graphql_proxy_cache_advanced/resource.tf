resource "konnect_gateway_plugin_graphql_proxy_cache_advanced" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    cache_ttl = 500
    strategy  = "memory"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
