resource "konnect_gateway_plugin_openid_connect" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    auth_methods          = ["client_credentials"]
    consumer_groups_claim = ["tier"]
    issuer                = "https://service.example.com/path"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
