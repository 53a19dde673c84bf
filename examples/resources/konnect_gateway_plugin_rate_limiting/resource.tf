# Each consumer may send 60 requests a minute.
resource "konnect_gateway_plugin_rate_limiting" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    minute = 60
    policy = "local"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}

resource "konnect_gateway_service" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  name             = "orders"
  host             = "orders.internal"
}
