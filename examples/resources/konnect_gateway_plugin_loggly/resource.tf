# The log goes to Loggly.
resource "konnect_gateway_plugin_loggly" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    key  = "{vault://env/loggly-token}"
    tags = ["shop"]
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
