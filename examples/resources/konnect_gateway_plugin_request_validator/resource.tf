resource "konnect_gateway_plugin_request_validator" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    parameter_schema = [
      {
        explode  = false
        in       = "path"
        name     = "status_code"
        required = true
        schema = jsonencode({
          type = "number"
        })
        style = "simple"
      },
    ]
    version = "draft4"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
