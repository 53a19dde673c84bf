resource "konnect_gateway_plugin_request_termination" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    message     = "\"Error - Authentication required\""
    status_code = 401
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
