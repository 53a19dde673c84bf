# Attempts to inject prompts are refused.
resource "konnect_gateway_plugin_ai_lakera_guard" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    api_key       = "{vault://env/lakera-key}"
    guarding_mode = "INPUT"
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
