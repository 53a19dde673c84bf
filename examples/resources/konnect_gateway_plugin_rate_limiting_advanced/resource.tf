resource "konnect_gateway_plugin_rate_limiting_advanced" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    limit     = [100]
    namespace = "orders"
    redis = {
      host = "redis.internal"
    }
    strategy    = "redis"
    sync_rate   = 1
    window_size = [60]
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
