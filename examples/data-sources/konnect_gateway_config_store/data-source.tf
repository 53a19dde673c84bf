data "konnect_gateway_config_store" "example" {
  control_plane_id = var.control_plane_id
  name             = "orders"
}
