resource "konnect_gateway_plugin_session" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    storage = "cookie"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
