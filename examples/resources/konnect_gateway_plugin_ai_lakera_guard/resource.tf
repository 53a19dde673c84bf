resource "konnect_gateway_plugin_ai_lakera_guard" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    api_key       = "example-api-key"
    guarding_mode = "INPUT"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
