data "konnect_gateway_ca_certificate" "example" {
  control_plane_id = var.control_plane_id
  cert_digest      = "orders"
}
