resource "konnect_gateway_plugin_request_callout" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    cache = {
      cache_ttl = 360
      strategy  = "memory"
    }
    callouts = [
      {
        name = "call"
        request = {
          url = "https://service.example.com/path"
        }
      },
    ]
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
