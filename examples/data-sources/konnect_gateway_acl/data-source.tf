data "konnect_gateway_acl" "example" {
  control_plane_id = var.control_plane_id
  consumer_id      = var.consumer_id
  group            = "orders"
}
