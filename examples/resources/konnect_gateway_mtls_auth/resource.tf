resource "konnect_gateway_mtls_auth" "alice" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  consumer_id      = konnect_gateway_consumer.alice.id

  subject_name   = "alice@partner.example"
  ca_certificate = { id = konnect_gateway_ca_certificate.partners.id }
}
