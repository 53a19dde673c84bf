resource "konnect_gateway_plugin_ai_prompt_guard" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    deny_patterns = ["\\\"card\\\".*\\\"5[0-9]{12}(?:[0-9]{3})?\\\""]
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
