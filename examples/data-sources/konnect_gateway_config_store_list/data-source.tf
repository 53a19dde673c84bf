data "konnect_gateway_config_store_list" "example" {
  control_plane_id = var.control_plane_id
  name_contains    = "orders"
}
