# Failures of the service are logged as errors.
resource "konnect_gateway_plugin_syslog" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    facility               = "local0"
    server_errors_severity = "err"
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
