# Requests to the service are seen in AppDynamics.
resource "konnect_gateway_plugin_app_dynamics" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {}

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
