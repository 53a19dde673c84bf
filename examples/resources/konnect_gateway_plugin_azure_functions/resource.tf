resource "konnect_gateway_plugin_azure_functions" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    apikey       = "example-apikey"
    appname      = "example-appname"
    functionname = "example-functionname"
    hostdomain   = "azurewebsites.net"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
