resource "konnect_gateway_plugin_response_ratelimiting" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    limits = {
      example-limit-name = {
        minute = 10
      }
    }
    policy = "local"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
