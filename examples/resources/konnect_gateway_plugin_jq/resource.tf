# Clients get the list of orders without its wrapping.
resource "konnect_gateway_plugin_jq" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    response_jq_program     = ".data.orders"
    response_if_status_code = [200]
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
