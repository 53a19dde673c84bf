# The service gets the client's certificate and judges itself.
resource "konnect_gateway_plugin_tls_metadata_headers" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    inject_client_cert_details = true
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
