# The number in the path becomes a header.
resource "konnect_gateway_plugin_request_transformer_advanced" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    add = {
      headers = ["X-Order:$(uri_captures.order)"]
    }
    remove = {
      querystring = ["debug"]
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
