# Nobody learns which server answered.
resource "konnect_gateway_plugin_response_transformer" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    remove = {
      headers = ["Server", "X-Powered-By"]
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
