resource "konnect_gateway_plugin_hmac_auth" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    hide_credentials = false
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
