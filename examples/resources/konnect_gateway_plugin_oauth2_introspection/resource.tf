resource "konnect_gateway_plugin_oauth2_introspection" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    authorization_value   = "example-authorization-value"
    consumer_by           = "client_id"
    custom_claims_forward = ["example-custom-claims-forward"]
    introspection_url     = "https://service.example.com/path"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
