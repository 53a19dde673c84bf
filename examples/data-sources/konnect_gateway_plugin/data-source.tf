data "konnect_gateway_plugin" "example" {
  control_plane_id = var.control_plane_id
  instance_name    = "orders"
}
