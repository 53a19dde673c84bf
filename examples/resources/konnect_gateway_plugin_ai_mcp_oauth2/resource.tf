# Only clients with a token of the company's server reach the tools.
resource "konnect_gateway_plugin_ai_mcp_oauth2" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    resource              = "https://api.example.com/mcp"
    authorization_servers = ["https://idp.example.com"]
    jwks_endpoint         = "https://idp.example.com/keys"
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
