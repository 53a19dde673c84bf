# The API is closed while it is being maintained.
resource "konnect_gateway_plugin_request_termination" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    status_code = 503
    message     = "We are back at 6 o'clock."
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
