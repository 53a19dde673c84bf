data "konnect_gateway_plugin_schema" "rate_limiting" {
  name = "rate-limiting"
}

# Which fields hold secrets?
output "secrets" {
  value = [for f in data.konnect_gateway_plugin_schema.rate_limiting.fields : f.path if f.sensitive]
}

# A plugin of your own, whose schema was uploaded to a control plane.
data "konnect_gateway_plugin_schema" "mine" {
  name             = "my-plugin"
  control_plane_id = konnect_gateway_control_plane.shop.id
}
