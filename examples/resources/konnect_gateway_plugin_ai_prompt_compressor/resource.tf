# Long prompts are shortened to half of their tokens.
resource "konnect_gateway_plugin_ai_prompt_compressor" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    compressor_url = "http://compressor.internal:8080"
    compression_ranges = [
      { min_tokens = 500, max_tokens = 100000, value = 0.5 },
    ]
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
