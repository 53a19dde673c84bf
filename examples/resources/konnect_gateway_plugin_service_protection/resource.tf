# The service gets at most 1,000 requests a second from all clients together.
resource "konnect_gateway_plugin_service_protection" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    limit       = [1000]
    window_size = [1]
    namespace   = "orders-protection"
    strategy    = "redis"
    sync_rate   = 1
    redis = {
      host = "redis.internal"
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
