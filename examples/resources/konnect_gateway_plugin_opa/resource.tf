# A policy decides, and gets to know route and consumer.
resource "konnect_gateway_plugin_opa" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    opa_host                      = "opa.internal"
    opa_path                      = "/v1/data/shop/allow"
    include_route_in_opa_input    = true
    include_consumer_in_opa_input = true
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
