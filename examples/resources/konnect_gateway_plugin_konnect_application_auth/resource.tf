resource "konnect_gateway_plugin_konnect_application_auth" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    scope = "example"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
