# The name of a custom plugin stands in its schema, and only there.
locals {
  schema = file("${path.module}/schema.lua")
}

resource "konnect_gateway_custom_plugin_schema" "mine" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  lua_schema       = local.schema
}

output "plugin" {
  value = provider::konnect::plugin_schema_name(local.schema)
}
