data "konnect_gateway_consumer" "example" {
  control_plane_id = var.control_plane_id
  username         = "orders"
}
