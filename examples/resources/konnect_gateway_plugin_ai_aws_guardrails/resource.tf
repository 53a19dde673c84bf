# Prompts and answers are judged by a guardrail of Bedrock.
resource "konnect_gateway_plugin_ai_aws_guardrails" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    aws_region         = "eu-central-1"
    guardrails_id      = "gr-shop"
    guardrails_version = "1"
    guarding_mode      = "BOTH"
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
