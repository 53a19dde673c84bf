# A bundled plugin on one service.
resource "konnect_gateway_plugin" "limit" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  name = "rate-limiting"

  config = {
    minute = 60
    policy = "redis"

    redis = {
      host = "redis.internal"
    }
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}

# The configuration may be JSON text as well.
resource "konnect_gateway_plugin" "allow" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  name   = "ip-restriction"
  config = jsonencode({ allow = ["10.0.0.0/8"] })
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}

resource "konnect_gateway_service" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  name             = "orders"
  host             = "orders.internal"
}
