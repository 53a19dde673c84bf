resource "konnect_gateway_plugin_solace_consume" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    flow = {
      binds = [
        {
          name = "example-name"
        },
      ]
    }
    mode = "POLLING"
    session = {
      authentication = {
        password = "admin"
        scheme   = "BASIC"
        username = "admin"
      }
      host = "service.example.com"
    }
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
