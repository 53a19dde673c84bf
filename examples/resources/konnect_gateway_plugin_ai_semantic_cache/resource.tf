# Questions that were asked before are answered from Redis for an hour.
resource "konnect_gateway_plugin_ai_semantic_cache" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    cache_ttl = 3600
    embeddings = {
      auth = {
        header_name  = "Authorization"
        header_value = "{vault://env/openai-authorization}"
      }
      model = {
        provider = "openai"
        name     = "text-embedding-3-small"
      }
    }
    vectordb = {
      strategy        = "redis"
      dimensions      = 1536
      distance_metric = "cosine"
      threshold       = 0.1
      redis = {
        host = "redis.internal"
      }
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
