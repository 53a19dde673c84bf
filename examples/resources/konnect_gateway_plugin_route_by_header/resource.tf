# Testers reach the next version.
resource "konnect_gateway_plugin_route_by_header" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    rules = [{
      upstream_name = "orders-next.internal"
      condition = {
        X-Version = "next"
      }
    }]
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
