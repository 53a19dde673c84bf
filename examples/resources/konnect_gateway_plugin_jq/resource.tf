resource "konnect_gateway_plugin_jq" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    request_jq_program_options = {}
    response_jq_program        = ".data"
    response_jq_program_options = {
      sort_keys = true
    }
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
