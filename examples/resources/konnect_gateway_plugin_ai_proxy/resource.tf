resource "konnect_gateway_plugin_ai_proxy" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    model = {
      name = "vllm-llama-3-8b"
      options = {
        upstream_url = "https://service.example.com/path"
      }
      provider = "vllm"
    }
    route_type = "llm/v1/chat"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
