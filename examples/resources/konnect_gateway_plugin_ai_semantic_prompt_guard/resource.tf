resource "konnect_gateway_plugin_ai_semantic_prompt_guard" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    embeddings = {
      auth = {
        header_name  = "Authorization"
        header_value = "Bearer example"
      }
      model = {
        name     = "text-embedding-3-small"
        provider = "openai"
      }
    }
    rules = {
      deny_prompts = [
        "sample text",
        "sample text",
        "sample text",
        "sample text",
        "sample text",
        "sample text",
        "sample text",
        "sample text",
        "sample text",
        "sample text",
      ]
      match_all_conversation_history = true
    }
    search = {
      threshold = 0.7
    }
    vectordb = {
      dimensions      = 1024
      distance_metric = "cosine"
      redis = {
        host = "service.example.com"
        port = "6379"
      }
      strategy  = "redis"
      threshold = 0.5
    }
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
