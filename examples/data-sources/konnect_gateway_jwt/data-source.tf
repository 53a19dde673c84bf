data "konnect_gateway_jwt" "example" {
  control_plane_id = var.control_plane_id
  consumer_id      = var.consumer_id
  key              = "orders"
}
