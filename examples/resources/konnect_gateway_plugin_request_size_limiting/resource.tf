resource "konnect_gateway_plugin_request_size_limiting" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    allowed_payload_size = 256000
    size_unit            = "kilobytes"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
