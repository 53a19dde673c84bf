# Chats go to OpenAI with a key that clients never see.
resource "konnect_gateway_plugin_ai_proxy" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    route_type = "llm/v1/chat"
    auth = {
      header_name  = "Authorization"
      header_value = "{vault://env/openai-authorization}"
    }
    model = {
      provider = "openai"
      name     = "gpt-4o"
      options = {
        max_tokens  = 1024
        temperature = 0.2
      }
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
