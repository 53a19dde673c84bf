# Errors lose their stack traces.
resource "konnect_gateway_plugin_response_transformer_advanced" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    remove = {
      json      = ["stack"]
      if_status = ["500-599"]
    }
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
