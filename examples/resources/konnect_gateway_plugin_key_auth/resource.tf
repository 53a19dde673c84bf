# Consumers send a key in a header, which the service does not get to see.
resource "konnect_gateway_plugin_key_auth" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    key_names        = ["X-Api-Key"]
    key_in_query     = false
    hide_credentials = true
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
