# Metrics go to a StatsD server.
resource "konnect_gateway_plugin_statsd_advanced" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    host   = "statsd.internal"
    prefix = "shop"
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
