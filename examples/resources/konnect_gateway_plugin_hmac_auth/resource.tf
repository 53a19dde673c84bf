# Requests are signed, with their bodies.
resource "konnect_gateway_plugin_hmac_auth" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    validate_request_body = true
    enforce_headers       = ["date", "@request-target"]
    algorithms            = ["hmac-sha256"]
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
