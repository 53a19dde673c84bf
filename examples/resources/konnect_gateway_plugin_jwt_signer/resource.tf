# The service gets tokens that the gateway signed anew.
resource "konnect_gateway_plugin_jwt_signer" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    access_token_jwks_uri  = "https://idp.example.com/keys"
    access_token_keyset    = "https://keys.internal/access"
    channel_token_keyset   = "https://keys.internal/channel"
    access_token_issuer    = "https://api.example.com"
    channel_token_optional = true
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
