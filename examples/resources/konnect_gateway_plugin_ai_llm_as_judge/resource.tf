# A tenth of the answers is graded by a second model.
resource "konnect_gateway_plugin_ai_llm_as_judge" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    sampling_rate = 0.1
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
