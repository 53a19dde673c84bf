resource "konnect_gateway_plugin_ai_mcp_oauth2" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    authorization_servers = ["service.example.com"]
    claim_to_header = [
      {
        claim  = "sub"
        header = "X-User-Id"
      },
    ]
    client_id                            = "example-client-id"
    client_secret                        = "example-client-secret"
    insecure_relaxed_audience_validation = true
    introspection_endpoint               = "https://service.example.com/path"
    resource                             = "example-resource"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
