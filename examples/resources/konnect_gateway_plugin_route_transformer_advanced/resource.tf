# The tenant in a header decides the host.
resource "konnect_gateway_plugin_route_transformer_advanced" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    host = "$(headers.x_tenant).orders.internal"
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
