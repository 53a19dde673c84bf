resource "konnect_gateway_plugin_ai_rag_injector" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    embeddings = {
      auth = {
        header_name  = "Authorization"
        header_value = "Bearer example"
      }
      model = {
        name     = "text-embedding-3-large"
        provider = "openai"
      }
    }
    inject_template = "sample text"
    vectordb = {
      dimensions      = 3072
      distance_metric = "cosine"
      redis = {
        host = "service.example.com"
        port = "6379"
      }
      strategy = "redis"
    }
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
