# Clients are asked for a certificate.
resource "konnect_gateway_plugin_tls_handshake_modifier" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    tls_client_certificate = "REQUEST"
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
