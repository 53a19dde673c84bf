data "konnect_gateway_vault" "example" {
  control_plane_id = var.control_plane_id
  prefix           = "orders"
}
