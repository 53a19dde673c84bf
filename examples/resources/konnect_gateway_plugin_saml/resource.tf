resource "konnect_gateway_plugin_saml" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    assertion_consumer_path = "/example"
    idp_sso_url             = "example"
    issuer                  = "example"
    session_secret          = "examplexxxxxxxxxxxxxxxxxxxxxxxxx"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
