data "konnect_gateway_key_set" "example" {
  control_plane_id = var.control_plane_id
  name             = "orders"
}
