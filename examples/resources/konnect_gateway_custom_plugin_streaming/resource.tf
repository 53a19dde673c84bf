resource "konnect_gateway_custom_plugin_streaming" "greeting" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  name             = "greeting"
  schema           = file("${path.module}/greeting/schema.lua")
  handler          = file("${path.module}/greeting/handler.lua")
}

resource "konnect_gateway_plugin" "greeting" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  name             = konnect_gateway_custom_plugin_streaming.greeting.name
  config           = { text = "hello" }
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}
