resource "konnect_gateway_plugin_injection_protection" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    enforcement_mode  = "block"
    error_message     = "Bad Request"
    error_status_code = 400
    injection_types   = ["js"]
    locations         = ["path_and_query"]
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
