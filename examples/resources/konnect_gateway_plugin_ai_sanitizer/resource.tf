resource "konnect_gateway_plugin_ai_sanitizer" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    anonymize        = ["email", "phone", "ssn", "date"]
    host             = "service.example.com"
    port             = 8080
    recover_redacted = false
    redact_type      = "synthetic"
    stop_on_error    = true
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
