resource "konnect_gateway_custom_plugin_schema" "greeter" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  lua_schema = file("${path.module}/schema.lua")
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}
