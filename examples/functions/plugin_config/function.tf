# A key that the plugin does not know is an error at "terraform validate". In
# a typed resource alone Terraform would drop it without a word.
resource "konnect_gateway_plugin" "limit" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  name             = "rate-limiting"
  config = provider::konnect::plugin_config("rate-limiting", {
    minute = 60
    policy = "redis"
    redis = {
      host = var.redis_host # may be unknown
    }
  })
}
