# Consumers send a key in a header.
resource "konnect_gateway_plugin_key_auth_enc" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    key_names = ["X-Api-Key"]
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
