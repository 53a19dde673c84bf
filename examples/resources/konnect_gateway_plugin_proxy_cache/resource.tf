# Successful answers are kept for five minutes.
resource "konnect_gateway_plugin_proxy_cache" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    strategy      = "memory"
    cache_ttl     = 300
    content_type  = ["application/json"]
    response_code = [200]
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
