# Each request has an ID, which the client gets to see, too.
resource "konnect_gateway_plugin_correlation_id" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    header_name     = "X-Request-ID"
    generator       = "uuid"
    echo_downstream = true
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
