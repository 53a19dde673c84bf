resource "konnect_gateway_plugin_ai_prompt_template" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    templates = [
      {
        name = "developer-prompt"
        template = jsonencode({
          type = "object"
        })
      },
    ]
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
