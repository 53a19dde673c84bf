# A service of one's own judges the prompts.
resource "konnect_gateway_plugin_ai_custom_guardrail" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    request = {
      url  = "https://guard.internal/judge"
      body = { input = "$(content)" }
      auth = {
        name  = "X-Api-Key"
        value = "{vault://env/guard-key}"
      }
    }
    response = {
      block         = "$(resp.blocked)"
      block_message = "$(resp.reason)"
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
