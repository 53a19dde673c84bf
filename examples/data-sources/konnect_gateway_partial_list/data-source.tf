data "konnect_gateway_partial_list" "example" {
  control_plane_id = var.control_plane_id
  name_contains    = "orders"
  tags             = ["team-orders"]
}
