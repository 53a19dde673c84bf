resource "konnect_gateway_plugin_json_threat_protection" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    enforcement_mode             = "block"
    error_message                = "Incorrect request format"
    error_status_code            = 400
    max_array_element_count      = 2
    max_body_size                = 1024
    max_container_depth          = 2
    max_object_entry_count       = 4
    max_object_entry_name_length = 7
    max_string_value_length      = 6
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
