resource "konnect_gateway_sni" "shop" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  name        = "*.shop.example"
  certificate = { id = konnect_gateway_certificate.shop.id }
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}

resource "konnect_gateway_certificate" "shop" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  cert             = file("${path.module}/shop.crt")
  key              = file("${path.module}/shop.key")
}
