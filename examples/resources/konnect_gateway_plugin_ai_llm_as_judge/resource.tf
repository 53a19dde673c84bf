resource "konnect_gateway_plugin_ai_llm_as_judge" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    llm = {
      model = {
        provider = "openai"
      }
      route_type = "llm/v1/chat"
    }
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
