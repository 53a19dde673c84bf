resource "konnect_gateway_route_expression" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  name       = "orders-v2"
  expression = "http.path ^= \"/orders\" && http.headers.x_version == \"2\""
  priority   = 100
  service    = { id = konnect_gateway_service.orders.id }
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}

resource "konnect_gateway_service" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  name             = "orders"
  host             = "orders.internal"
}
