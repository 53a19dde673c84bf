# Calls of agents are counted and timed in the log, without what they say.
resource "konnect_gateway_plugin_ai_a2a_proxy" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    logging = {
      log_statistics = true
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
