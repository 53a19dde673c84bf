# Prompts with card numbers are refused.
resource "konnect_gateway_plugin_ai_prompt_guard" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    deny_patterns = [".*[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}.*"]
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
