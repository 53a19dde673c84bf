# Reports may take a minute.
resource "konnect_gateway_plugin_upstream_timeout" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    read_timeout = 60000
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
