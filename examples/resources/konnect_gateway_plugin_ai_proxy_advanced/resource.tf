# Chats go to the quicker of two models, and to the other one if it fails.
resource "konnect_gateway_plugin_ai_proxy_advanced" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    balancer = {
      algorithm = "lowest-latency"
      retries   = 2
    }
    targets = [
      {
        route_type = "llm/v1/chat"
        auth = {
          header_name  = "Authorization"
          header_value = "{vault://env/openai-authorization}"
        }
        model = {
          provider = "openai"
          name     = "gpt-4o"
        }
      },
      {
        route_type = "llm/v1/chat"
        auth = {
          header_name  = "x-api-key"
          header_value = "{vault://env/anthropic-key}"
        }
        model = {
          provider = "anthropic"
          name     = "claude-sonnet-4-5"
          options = {
            anthropic_version = "2023-06-01"
            max_tokens        = 1024
          }
        }
      },
    ]
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
