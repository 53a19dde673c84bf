# Requests must be as the specification says.
resource "konnect_gateway_plugin_oas_validation" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    api_spec = jsonencode({
      openapi = "3.0.0"
      info    = { title = "Orders", version = "1.0" }
      paths = {
        "/orders" = {
          get = {
            parameters = [{ name = "limit", in = "query", schema = { type = "integer" } }]
            responses  = { "200" = { description = "All orders." } }
          }
        }
      }
    })
    api_spec_encoded = false
    verbose_response = true
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
