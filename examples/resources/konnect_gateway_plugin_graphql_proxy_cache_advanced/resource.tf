# Queries are answered from memory for a minute.
resource "konnect_gateway_plugin_graphql_proxy_cache_advanced" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    strategy  = "memory"
    cache_ttl = 60
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}

resource "konnect_gateway_service" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  name             = "orders"
  host             = "orders.internal"
}
