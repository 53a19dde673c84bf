# Names of customers stay in the house.
resource "konnect_gateway_plugin_ai_sanitizer" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    host      = "sanitizer.internal"
    anonymize = ["general", "email", "phone"]
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
