# The gRPC service is reached by JSON.
resource "konnect_gateway_plugin_grpc_gateway" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    proto = "/etc/kong/orders.proto"
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
