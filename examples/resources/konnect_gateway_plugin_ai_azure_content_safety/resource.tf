# Violent and hateful prompts are refused.
resource "konnect_gateway_plugin_ai_azure_content_safety" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    content_safety_url = "https://shop.cognitiveservices.azure.com/contentsafety/text:analyze"
    content_safety_key = "{vault://env/content-safety-key}"
    categories = [
      { name = "Hate", rejection_level = 2 },
      { name = "Violence", rejection_level = 2 },
    ]
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
