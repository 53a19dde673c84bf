# Browsers log in by the company's single sign-on.
resource "konnect_gateway_plugin_saml" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    assertion_consumer_path = "/consume"
    idp_sso_url             = "https://idp.example.com/sso"
    idp_certificate         = "{vault://env/idp-certificate}"
    issuer                  = "https://shop.example.com"
    session_secret          = "{vault://env/saml-session-secret}"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}

resource "konnect_gateway_service" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  name             = "orders"
  host             = "orders.internal"
}
