resource "konnect_gateway_target" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  upstream_id      = konnect_gateway_upstream.orders.id

  target = "10.0.0.1:8080"
  weight = 100
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}

resource "konnect_gateway_upstream" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  name             = "orders.internal"
}
