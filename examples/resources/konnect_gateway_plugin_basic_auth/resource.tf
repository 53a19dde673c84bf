# Consumers log in with name and password, which the service does not get to see.
resource "konnect_gateway_plugin_basic_auth" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    hide_credentials = true
    realm            = "shop"
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
