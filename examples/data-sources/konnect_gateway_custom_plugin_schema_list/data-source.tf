data "konnect_gateway_custom_plugin_schema_list" "example" {
  control_plane_id = var.control_plane_id
}
