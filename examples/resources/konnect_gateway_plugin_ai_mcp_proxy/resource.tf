resource "konnect_gateway_plugin_ai_mcp_proxy" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    logging = {
      log_payloads   = false
      log_statistics = true
    }
    max_request_body_size = 32768
    mode                  = "listener"
    server = {
      tag     = "marketplace-tools"
      timeout = 45000
    }
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
