data "konnect_gateway_consumer_group" "example" {
  control_plane_id = var.control_plane_id
  name             = "orders"
}
