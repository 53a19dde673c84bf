resource "konnect_gateway_ca_certificate" "partners" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  cert = file("${path.module}/partners.crt")
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}
