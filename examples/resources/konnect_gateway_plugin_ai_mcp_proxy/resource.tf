# The search of the shop becomes a tool that agents may call.
resource "konnect_gateway_plugin_ai_mcp_proxy" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    mode = "conversion-listener"
    tools = [{
      name        = "search-products"
      description = "Finds products by words."
      method      = "GET"
      path        = "/search"
      parameters = [{
        name        = "q"
        in          = "query"
        description = "Words to look for."
        required    = true
        schema      = { type = "string" }
      }]
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
