# Answers draw on documents of the shop.
resource "konnect_gateway_plugin_ai_rag_injector" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    fetch_chunks_count = 3
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
