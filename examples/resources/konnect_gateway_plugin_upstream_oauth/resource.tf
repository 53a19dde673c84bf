resource "konnect_gateway_plugin_upstream_oauth" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    oauth = {
      token_endpoint = "example"
    }
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
