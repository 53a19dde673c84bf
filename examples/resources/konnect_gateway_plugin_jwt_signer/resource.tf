resource "konnect_gateway_plugin_jwt_signer" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    access_token_keyset  = "https://idp.example.com/keys"
    channel_token_keyset = "https://idp.example.com/keys"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
