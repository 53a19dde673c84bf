resource "konnect_gateway_plugin_vault_auth" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    vault = {
      id = "placeholder"
    }
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
