resource "konnect_gateway_plugin_post_function" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    access = ["ngx.var.upstream_x_forwarded_host=nil"]
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
