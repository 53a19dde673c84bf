resource "konnect_gateway_plugin_ai_aws_guardrails" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    aws_access_key_id     = "example-aws-access-key-id"
    aws_region            = "us-east-1"
    aws_secret_access_key = "example-aws-secret-access-key"
    guardrails_id         = "example-guardrails-id"
    guardrails_version    = "example-guardrails-version"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
