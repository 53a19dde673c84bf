resource "konnect_gateway_plugin_ai_azure_content_safety" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    categories = [
      {
        name            = "Hate"
        rejection_level = 2
      },
      {
        name            = "Violence"
        rejection_level = 2
      },
    ]
    content_safety_key = "example-content-safety-key"
    content_safety_url = "https://service.example.com/path"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
