resource "konnect_gateway_plugin_route_by_header" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    rules = [
      {
        condition = {
          location = "us-east"
        }
        upstream_name = "east-upstream"
      },
      {
        condition = {
          location = "us-west"
        }
        upstream_name = "west-upstream"
      },
    ]
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
