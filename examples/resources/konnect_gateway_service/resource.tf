resource "konnect_gateway_service" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  name     = "orders"
  protocol = "https"
  host     = "orders.internal"
  port     = 8443
  path     = "/v1"

  retries      = 2
  read_timeout = 10000
  tls_verify   = true
  tags         = ["shop"]
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}
