# Messages of clients end at 64 KiB.
resource "konnect_gateway_plugin_websocket_size_limit" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    client_max_payload = 65536
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
