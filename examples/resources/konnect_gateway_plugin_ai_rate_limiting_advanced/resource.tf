# Each consumer may spend 10,000 tokens of OpenAI a minute.
resource "konnect_gateway_plugin_ai_rate_limiting_advanced" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    strategy  = "redis"
    sync_rate = 1
    llm_providers = [{
      name        = "openai"
      limit       = [10000]
      window_size = [60]
    }]
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
