data "konnect_gateway_partial" "example" {
  control_plane_id = var.control_plane_id
  name             = "orders"
}
