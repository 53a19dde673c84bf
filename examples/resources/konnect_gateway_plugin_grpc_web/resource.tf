# Pages of the shop call the gRPC service.
resource "konnect_gateway_plugin_grpc_web" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    proto               = "/etc/kong/orders.proto"
    allow_origin_header = "https://shop.example.com"
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
