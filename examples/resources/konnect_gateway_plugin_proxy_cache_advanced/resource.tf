resource "konnect_gateway_plugin_proxy_cache_advanced" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    cache_ttl      = 300
    content_type   = ["text/plain", "application/json"]
    request_method = ["GET"]
    response_code  = [200]
    strategy       = "memory"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
