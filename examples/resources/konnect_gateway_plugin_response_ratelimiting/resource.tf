# The service says how many pictures a response has cost.
resource "konnect_gateway_plugin_response_ratelimiting" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    policy = "local"
    limits = {
      pictures = {
        minute = 100
      }
    }
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
