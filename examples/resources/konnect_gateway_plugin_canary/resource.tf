# A tenth of the requests goes to the new version.
resource "konnect_gateway_plugin_canary" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    percentage    = 10
    hash          = "ip"
    upstream_host = "orders-next.internal"
    upstream_port = 8080
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
