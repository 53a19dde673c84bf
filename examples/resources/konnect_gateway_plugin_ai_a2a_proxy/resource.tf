resource "konnect_gateway_plugin_ai_a2a_proxy" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    logging = {
      log_payloads   = true
      log_statistics = true
    }
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
