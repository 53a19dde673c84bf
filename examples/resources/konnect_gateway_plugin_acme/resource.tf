# Certificates for the shop come from Let's Encrypt, and Redis keeps them.
resource "konnect_gateway_plugin_acme" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    account_email = "ops@example.com"
    tos_accepted  = true
    domains       = ["shop.example.com"]
    storage       = "redis"
    storage_config = {
      redis = {
        host     = "redis.internal"
        password = "{vault://env/redis-password}"
      }
    }
  }
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}
