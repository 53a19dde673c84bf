# Free plugins that run on serverless gateways and may be limited to a consumer.
data "konnect_gateway_plugins" "choice" {
  tier       = "free"
  deployment = "serverless"
  scope      = "consumer"
}

output "choice" {
  value = data.konnect_gateway_plugins.choice.names
}
