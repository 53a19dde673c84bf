# Each consumer may spend a cost of 1,000 a minute.
resource "konnect_gateway_plugin_graphql_rate_limiting_advanced" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    limit         = [1000]
    window_size   = [60]
    cost_strategy = "node_quantifier"
    strategy      = "redis"
    sync_rate     = 1
    redis = {
      host = "redis.internal"
    }
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
