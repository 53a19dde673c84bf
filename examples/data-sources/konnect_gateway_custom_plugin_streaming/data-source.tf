data "konnect_gateway_custom_plugin_streaming" "example" {
  control_plane_id = var.control_plane_id
  name             = "orders"
}
