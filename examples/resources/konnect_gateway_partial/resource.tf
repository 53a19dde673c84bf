resource "konnect_gateway_partial" "redis" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  redis_ee = {
    name = "redis"
    config = {
      host     = "redis.internal"
      password = "{vault://env/redis-password}"
    }
  }
}

resource "konnect_gateway_plugin_rate_limiting_advanced" "shop" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  partials         = [{ id = konnect_gateway_partial.redis.id }]

  config = {
    limit       = [100]
    window_size = [60]
    strategy    = "redis"
  }
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}
