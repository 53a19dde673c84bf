# Uploads end at 8 megabytes.
resource "konnect_gateway_plugin_request_size_limiting" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    allowed_payload_size   = 8
    require_content_length = true
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
