# Orders need a product and a number.
resource "konnect_gateway_plugin_request_validator" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    version = "draft7"
    body_schema = jsonencode({
      type     = "object"
      required = ["product", "count"]
      properties = {
        product = { type = "string" }
        count   = { type = "integer", minimum = 1 }
      }
    })
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
