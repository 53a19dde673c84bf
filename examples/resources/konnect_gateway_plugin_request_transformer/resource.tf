resource "konnect_gateway_plugin_request_transformer" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    add = {
      headers = ["New-Header:Header Value"]
    }
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
