resource "konnect_gateway_plugin_ai_semantic_response_guard" "example" {
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
      allow_responses = [
        "Network troubleshooting and diagnostics",
        "Cloud infrastructure management (AWS, Azure, GCP)",
        "sample text",
        "DevOps workflows and automation",
        "sample text",
        "sample text",
        "sample text",
        "sample text",
        "System administration and configuration",
        "sample text",
      ]
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
      threshold = 0.7
    }
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
