# The log goes to a collector, and may lose an entry.
resource "konnect_gateway_plugin_udp_log" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    host = "logs.internal"
    port = 5170
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
