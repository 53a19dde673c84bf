resource "konnect_gateway_upstream" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  name      = "orders.internal"
  algorithm = "least-connections"

  healthchecks = {
    active = {
      http_path = "/health"
      healthy   = { interval = 5, successes = 2 }
      unhealthy = { interval = 5, http_failures = 3 }
    }
  }
}

# A service reaches it by its name.
resource "konnect_gateway_service" "balanced" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  name = "balanced"
  host = konnect_gateway_upstream.orders.name
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}
