resource "konnect_gateway_certificate" "shop" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  cert = file("${path.module}/shop.crt")
  key  = file("${path.module}/shop.key")
  tags = ["public"]
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}
