resource "konnect_gateway_plugin_oas_validation" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    api_spec         = "sample text"
    verbose_response = true
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
