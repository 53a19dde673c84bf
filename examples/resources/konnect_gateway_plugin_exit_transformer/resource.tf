# Errors of the gateway get the form of the service's own.
resource "konnect_gateway_plugin_exit_transformer" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    functions = [
      "return function(status, body, headers) return status, { error = body and body.message }, headers end",
    ]
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
