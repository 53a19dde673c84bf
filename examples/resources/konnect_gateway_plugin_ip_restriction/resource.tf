# Only the company's network may call the API.
resource "konnect_gateway_plugin_ip_restriction" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    allow   = ["10.0.0.0/8"]
    status  = 403
    message = "This API is internal."
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
