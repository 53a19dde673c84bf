resource "konnect_gateway_plugin_grpc_web" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    proto = "path/to/hello.proto"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
