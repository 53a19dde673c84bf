# The search of the shop becomes a tool.
resource "konnect_gateway_plugin_ai_mcp" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    tools = [{
      description = "Finds products by words."
      method      = "GET"
      path        = "/search"
    }]
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
