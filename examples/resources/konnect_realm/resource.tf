resource "konnect_realm" "partners" {
  name                   = "partners"
  allowed_control_planes = [konnect_gateway_control_plane.shop.id]
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}
