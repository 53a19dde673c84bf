resource "konnect_gateway_plugin_ai_proxy_advanced" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    model_name_header = false
    targets = [
      {
        auth = {
          header_name  = "Authorization"
          header_value = "Bearer example"
        }
        model = {
          provider = "openai"
        }
        route_type = "llm/v1/files"
      },
    ]
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
