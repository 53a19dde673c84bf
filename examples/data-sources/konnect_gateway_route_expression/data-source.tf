data "konnect_gateway_route_expression" "example" {
  control_plane_id = var.control_plane_id
  name             = "orders"
}
