data "konnect_gateway_key_auth_list" "example" {
  control_plane_id = var.control_plane_id
  consumer_id      = var.consumer_id
  tags             = ["team-orders"]
}
