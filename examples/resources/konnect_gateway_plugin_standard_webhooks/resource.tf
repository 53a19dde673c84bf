# Webhooks must be signed, and not older than five minutes.
resource "konnect_gateway_plugin_standard_webhooks" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    secret_v1        = "{vault://env/webhook-secret}"
    tolerance_second = 300
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
