resource "konnect_gateway_plugin_datakit" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    nodes = [
      {
        static = {
          name = "HEADERS"
          values = jsonencode({
            X-Add-Me  = "added"
            X-Ignored = null
          })
        }
      },
      {
        call = {
          inputs = {
            headers = "HEADERS"
          }
          name = "API"
          url  = "https://example.com/"
        }
      },
      {
        exit = {
          inputs = {
            headers = "HEADERS"
          }
          name   = "EXIT"
          status = 200
        }
      },
    ]
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
