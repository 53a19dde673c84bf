# Metrics go to a StatsD server, with tags.
resource "konnect_gateway_plugin_statsd" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    host      = "statsd.internal"
    prefix    = "shop"
    tag_style = "dogstatsd"
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
