# Descriptions are translated into English.
resource "konnect_gateway_plugin_ai_response_transformer" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    prompt = "Translate the field description of this JSON into English. Answer with the JSON only."
    llm = {
      route_type = "llm/v1/chat"
      auth = {
        header_name  = "Authorization"
        header_value = "{vault://env/openai-authorization}"
      }
      model = {
        provider = "openai"
        name     = "gpt-4o-mini"
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
