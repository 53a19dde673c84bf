data "konnect_gateway_data_plane_client_certificate" "example" {
  control_plane_id = var.control_plane_id
  title            = "orders"
}
