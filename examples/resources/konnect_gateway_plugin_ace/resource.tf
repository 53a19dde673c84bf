resource "konnect_gateway_plugin_ace" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    match_policy = "if_present"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
