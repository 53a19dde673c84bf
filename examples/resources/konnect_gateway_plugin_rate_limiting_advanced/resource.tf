# Each consumer may send 100 requests a minute and 1,000 an hour, over all data planes.
resource "konnect_gateway_plugin_rate_limiting_advanced" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    limit       = [100, 1000]
    window_size = [60, 3600]
    namespace   = "orders"
    strategy    = "redis"
    sync_rate   = 1
    redis = {
      host     = "redis.internal"
      password = "{vault://env/redis-password}"
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
