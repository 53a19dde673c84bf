resource "konnect_gateway_plugin_ai_rate_limiting_advanced" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    llm_providers = [
      {
        limit       = [100, 1000]
        name        = "cohere"
        window_size = [60, 3600]
      },
    ]
    redis = {
      host = "host.docker.internal"
      port = "16379"
    }
    request_prompt_count_function = "return true"
    strategy                      = "redis"
    sync_rate                     = 0
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
