resource "konnect_gateway_plugin_header_cert_auth" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    ca_certificates           = ["322dce96-d434-4e0d-9038-311b3520f0a3"]
    certificate_header_format = "base64_encoded"
    certificate_header_name   = "X-Example"
    secure_source             = false
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
