data "konnect_gateway_target" "example" {
  control_plane_id = var.control_plane_id
  upstream_id      = var.upstream_id
  target           = "orders"
}
