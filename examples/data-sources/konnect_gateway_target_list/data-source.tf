data "konnect_gateway_target_list" "example" {
  control_plane_id = var.control_plane_id
  upstream_id      = var.upstream_id
  name_contains    = "orders"
  tags             = ["team-orders"]
}
