# Everything that a plugin runs with, for example to show it in a pull request.
output "rate_limiting" {
  value = provider::konnect::plugin_defaults("rate-limiting", { minute = 60 })
}
