resource "konnect_gateway_plugin_jwt" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    header_names = ["authorization"]
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
