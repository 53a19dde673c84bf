resource "konnect_gateway_plugin_jwe_decrypt" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    key_sets = ["example-key-sets"]
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
