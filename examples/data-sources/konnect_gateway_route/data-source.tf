data "konnect_gateway_route" "example" {
  control_plane_id = var.control_plane_id
  name             = "orders"
}
