# Programs come with a token, and browsers are sent to log in.
resource "konnect_gateway_plugin_openid_connect" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    issuer         = "https://idp.example.com/realms/shop"
    client_id      = ["shop"]
    client_secret  = ["{vault://env/oidc-client-secret}"]
    auth_methods   = ["bearer", "authorization_code", "session"]
    scopes         = ["openid", "profile"]
    session_secret = "{vault://env/oidc-session-secret}"
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
