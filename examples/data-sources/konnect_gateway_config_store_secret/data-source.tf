data "konnect_gateway_config_store_secret" "example" {
  control_plane_id = var.control_plane_id
  config_store_id  = var.config_store_id
  key              = "orders"
}
