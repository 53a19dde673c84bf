# Who has logged in stays so for an hour, or 15 minutes without a request.
resource "konnect_gateway_plugin_session" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    secret           = "{vault://env/session-secret}"
    storage          = "cookie"
    absolute_timeout = 3600
    idling_timeout   = 900
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
