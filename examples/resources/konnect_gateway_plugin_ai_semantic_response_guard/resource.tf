# Answers stay with the subject of orders.
resource "konnect_gateway_plugin_ai_semantic_response_guard" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    rules = {
      allow_responses = ["Information about an order", "Help with paying and delivery"]
    }
    search = {
      threshold = 0.7
    }
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
