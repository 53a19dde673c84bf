data "konnect_gateway_certificate_list" "example" {
  control_plane_id = var.control_plane_id
  tags             = ["team-orders"]
}
