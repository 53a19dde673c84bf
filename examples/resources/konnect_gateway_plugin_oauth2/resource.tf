# The gateway issues tokens itself; Konnect does not have this plugin.
resource "konnect_gateway_plugin_oauth2" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    scopes                    = ["orders:read"]
    mandatory_scope           = true
    enable_client_credentials = true
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
