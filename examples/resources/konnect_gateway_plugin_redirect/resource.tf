resource "konnect_gateway_plugin_redirect" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    location = "example-location"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
