# All data planes share the cache in Redis.
resource "konnect_gateway_plugin_proxy_cache_advanced" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    strategy     = "redis"
    cache_ttl    = 300
    content_type = ["application/json"]
    vary_headers = ["Accept-Language"]
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
