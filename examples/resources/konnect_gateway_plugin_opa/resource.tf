resource "konnect_gateway_plugin_opa" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    opa_host = "service.example.com"
    opa_path = "/v1/data/my_policies/header"
    opa_port = 8182
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
