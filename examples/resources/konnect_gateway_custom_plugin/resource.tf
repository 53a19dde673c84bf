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

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}

resource "konnect_gateway_route" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  name             = "orders"
  paths            = ["/orders"]
}

resource "konnect_gateway_custom_plugin_schema" "greeter" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  lua_schema       = file("${path.module}/schema.lua")
}
