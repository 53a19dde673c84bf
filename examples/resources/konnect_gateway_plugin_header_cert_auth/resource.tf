# The load balancer in front passes on the client's certificate.
resource "konnect_gateway_plugin_header_cert_auth" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    certificate_header_name   = "X-Client-Cert"
    certificate_header_format = "url_encoded"
    ca_certificates           = [konnect_gateway_ca_certificate.partners.id]
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
