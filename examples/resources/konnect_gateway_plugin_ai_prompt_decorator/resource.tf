# The model is told its role in every chat.
resource "konnect_gateway_plugin_ai_prompt_decorator" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    prompts = {
      prepend = [{
        role    = "system"
        content = "You answer questions about orders of the shop, and nothing else."
      }]
    }
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
