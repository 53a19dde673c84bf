resource "konnect_gateway_plugin_ai_request_transformer" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    llm = {
      auth = {
        header_name  = "Authorization"
        header_value = "Bearer example"
      }
      model = {
        name     = "gpt-4"
        provider = "openai"
      }
      route_type = "llm/v1/chat"
    }
    prompt = "sample text"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
