data "konnect_gateway_cloned_plugin" "example" {
  control_plane_id = var.control_plane_id
  name             = "orders"
}
