resource "konnect_gateway_route" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  name      = "orders"
  protocols = ["https"]
  methods   = ["GET", "POST"]

  # A prefix, and a regular expression after "~".
  paths = ["/orders", "~/orders/(?<id>\\d+)$"]

  headers = {
    x-version = ["1", "2"]
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
