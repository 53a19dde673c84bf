resource "konnect_gateway_plugin_ai_gcp_model_armor" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    gcp_service_account_json = "example-gcp-service-account-json"
    gcp_use_service_account  = true
    location_id              = "example-location-id"
    log_blocked_content      = true
    project_id               = "example-project-id"
    template_id              = "example-template-id"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
