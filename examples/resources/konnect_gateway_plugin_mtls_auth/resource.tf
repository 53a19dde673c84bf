resource "konnect_gateway_plugin_mtls_auth" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    ca_certificates = []
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
