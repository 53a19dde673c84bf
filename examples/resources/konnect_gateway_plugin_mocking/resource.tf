# The API answers with the examples of its specification.
resource "konnect_gateway_plugin_mocking" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    api_specification = jsonencode({
      openapi = "3.0.0"
      info    = { title = "Orders", version = "1.0" }
      paths = {
        "/orders" = {
          get = {
            responses = {
              "200" = {
                description = "All orders."
                content     = { "application/json" = { example = [{ id = 4711 }] } }
              }
            }
          }
        }
      }
    })
    random_delay   = true
    max_delay_time = 0.5
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
