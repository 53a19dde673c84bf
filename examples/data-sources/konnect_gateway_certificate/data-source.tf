data "konnect_gateway_certificate" "example" {
  control_plane_id = var.control_plane_id
  id               = "9524ec7d-36d9-465d-a8c5-83a3c9390458"
}
