resource "konnect_gateway_plugin_acme" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    account_email = "user@example.com"
    account_key = {
      key_id  = "example-key-id"
      key_set = "example-key-set"
    }
    domains = ["example-domains"]
    storage = "redis"
    storage_config = {
      redis = {
        host = "service.example.com"
        port = "6379"
      }
    }
    tos_accepted = true
  }
}
