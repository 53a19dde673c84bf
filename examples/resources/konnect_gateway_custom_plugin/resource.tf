# A plugin of one's own. Its configuration is checked against the schema that the same configuration uploads.
resource "konnect_gateway_custom_plugin" "greeter" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  name = konnect_gateway_custom_plugin_schema.greeter.name

  config = {
    greeting = "welcome"
  }

  route = {
    id = konnect_gateway_route.orders.id
  }
}
