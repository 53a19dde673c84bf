data "konnect_gateway_mtls_auth" "example" {
  control_plane_id = var.control_plane_id
  consumer_id      = var.consumer_id
  subject_name     = "orders"
}
