data "konnect_gateway_custom_plugin_streaming_list" "example" {
  control_plane_id = var.control_plane_id
  name_contains    = "orders"
  tags             = ["team-orders"]
}
