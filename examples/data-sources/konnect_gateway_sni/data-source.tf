data "konnect_gateway_sni" "example" {
  control_plane_id = var.control_plane_id
  name             = "orders"
}
