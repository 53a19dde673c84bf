resource "konnect_gateway_plugin_ai_prompt_decorator" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    prompts = {
      prepend = [
        {
          content = "sample text"
          role    = "system"
        },
      ]
    }
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
