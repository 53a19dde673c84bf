# Pages of the shop may call the API from the browser, with cookies.
resource "konnect_gateway_plugin_cors" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    origins     = ["https://shop.example.com"]
    methods     = ["GET", "POST"]
    credentials = true
    max_age     = 3600
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
