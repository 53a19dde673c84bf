resource "konnect_gateway_data_plane_client_certificate" "nodes" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  cert  = file("${path.module}/nodes.crt")
  title = "nodes in Frankfurt"
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}
