# Partners present a certificate of their authority.
resource "konnect_gateway_plugin_mtls_auth" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    ca_certificates       = [konnect_gateway_ca_certificate.partners.id]
    revocation_check_mode = "IGNORE_CA_ERROR"
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

resource "konnect_gateway_ca_certificate" "partners" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  cert             = file("${path.module}/partners.crt")
}
