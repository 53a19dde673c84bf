# Addresses are brought into one form.
resource "konnect_gateway_plugin_ai_request_transformer" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    prompt = "Write the country of the address in this JSON as an ISO code. Answer with the JSON only."
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
