resource "konnect_gateway_plugin_standard_webhooks" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    secret_v1 = "example"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
