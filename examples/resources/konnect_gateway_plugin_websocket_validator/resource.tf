# Messages of clients must be objects.
resource "konnect_gateway_plugin_websocket_validator" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    client = {
      text = {
        type   = "draft4"
        schema = jsonencode({ type = "object" })
      }
    }
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
