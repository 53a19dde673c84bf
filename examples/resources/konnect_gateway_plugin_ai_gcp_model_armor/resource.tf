# Prompts are judged by a template of Model Armor.
resource "konnect_gateway_plugin_ai_gcp_model_armor" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    project_id              = "shop"
    location_id             = "europe-west3"
    template_id             = "prompts"
    gcp_use_service_account = true
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
