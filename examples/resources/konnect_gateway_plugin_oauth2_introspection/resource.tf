# Opaque tokens are looked up at the server that issued them.
resource "konnect_gateway_plugin_oauth2_introspection" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    introspection_url   = "https://idp.example.com/introspect"
    authorization_value = "{vault://env/introspection-authorization}"
    ttl                 = 60
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
