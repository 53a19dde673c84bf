resource "konnect_gateway_plugin_cors" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    headers = ["X-Example"]
    origins = ["example-origins"]
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
