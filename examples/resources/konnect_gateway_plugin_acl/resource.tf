# Only consumers in the group "partners" may call the API.
resource "konnect_gateway_plugin_acl" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    allow = ["partners"]
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}

resource "konnect_gateway_service" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  name             = "orders"
  host             = "orders.internal"
}
