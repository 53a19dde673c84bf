# The response says which data plane gave it.
resource "konnect_gateway_plugin_post_function" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    header_filter = [
      "kong.response.set_header('X-Node', kong.node.get_hostname())",
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
