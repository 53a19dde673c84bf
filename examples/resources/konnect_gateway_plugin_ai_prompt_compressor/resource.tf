resource "konnect_gateway_plugin_ai_prompt_compressor" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    compression_ranges = [
      {
        max_tokens = 100
        min_tokens = 20
        value      = 0.8
      },
      {
        max_tokens = 1000000
        min_tokens = 100
        value      = 0.3
      },
    ]
    compressor_type   = "rate"
    compressor_url    = "http://compress-service:8080"
    keepalive_timeout = 60000
    log_text_data     = false
    stop_on_error     = true
    timeout           = 10000
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
