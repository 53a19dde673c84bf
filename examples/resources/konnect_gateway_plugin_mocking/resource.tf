resource "konnect_gateway_plugin_mocking" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    api_specification = "openapi: 3.0.0\ninfo: {title: t, version: \"1\"}\npaths: {/x: {get: {responses: {\"200\": {description: ok}}}}}\n"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
