resource "konnect_gateway_plugin_file_log" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    path = "example"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
