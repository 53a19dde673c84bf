resource "konnect_gateway_mtls_auth" "alice" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  consumer_id      = konnect_gateway_consumer.alice.id

  subject_name   = "alice@partner.example"
  ca_certificate = { id = konnect_gateway_ca_certificate.partners.id }
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}

resource "konnect_gateway_consumer" "alice" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  username         = "alice"
}

resource "konnect_gateway_ca_certificate" "partners" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  cert             = file("${path.module}/partners.crt")
}
