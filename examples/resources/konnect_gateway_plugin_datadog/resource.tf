# Metrics go to the agent beside the data plane.
resource "konnect_gateway_plugin_datadog" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    host   = "datadog-agent.internal"
    prefix = "shop"
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
