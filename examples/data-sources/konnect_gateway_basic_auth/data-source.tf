data "konnect_gateway_basic_auth" "example" {
  control_plane_id = var.control_plane_id
  consumer_id      = var.consumer_id
  username         = "orders"
}
