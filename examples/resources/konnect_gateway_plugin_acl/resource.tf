resource "konnect_gateway_plugin_acl" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    allow              = ["dev", "admin"]
    hide_groups_header = true
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
