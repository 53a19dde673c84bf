# Konnect puts this onto services that are published in a portal.
resource "konnect_gateway_plugin_konnect_application_auth" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    auth_type = "key-auth"
    key_names = ["X-Api-Key"]
    scope     = "orders-v1"
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
