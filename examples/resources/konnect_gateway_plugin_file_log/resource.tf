# Requests are written to a file on the data plane.
resource "konnect_gateway_plugin_file_log" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    path   = "/var/log/kong/shop.log"
    reopen = true
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
