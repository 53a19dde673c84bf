data "konnect_gateway_data_plane_client_certificate_list" "example" {
  control_plane_id = var.control_plane_id
  name_contains    = "orders"
}
