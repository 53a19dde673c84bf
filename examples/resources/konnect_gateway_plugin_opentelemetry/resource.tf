resource "konnect_gateway_plugin_opentelemetry" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    traces_endpoint = "http://localhost:4318/v1/traces"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
