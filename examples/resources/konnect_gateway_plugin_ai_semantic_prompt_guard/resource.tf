# Nobody asks for medical advice here.
resource "konnect_gateway_plugin_ai_semantic_prompt_guard" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    rules = {
      deny_prompts = ["Requests for medical advice", "Questions about medicines"]
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
