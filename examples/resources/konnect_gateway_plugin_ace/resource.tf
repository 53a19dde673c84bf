# Applications of the developer portal call the API with their own keys and limits.
resource "konnect_gateway_plugin_ace" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    match_policy = "required"
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
