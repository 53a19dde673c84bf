resource "konnect_gateway_plugin_pre_function" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    access = ["ngx.ctx.balancer_data.connect_timeout = 100"]
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
