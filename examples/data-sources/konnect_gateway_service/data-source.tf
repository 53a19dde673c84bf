data "konnect_gateway_service" "example" {
  control_plane_id = var.control_plane_id
  name             = "orders"
}
