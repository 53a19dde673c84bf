data "konnect_gateway_upstream" "example" {
  control_plane_id = var.control_plane_id
  name             = "orders"
}
