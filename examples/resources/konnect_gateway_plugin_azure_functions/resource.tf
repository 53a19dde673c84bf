# The function "orders" answers requests.
resource "konnect_gateway_plugin_azure_functions" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    appname      = "shop"
    functionname = "orders"
    apikey       = "{vault://env/azure-functions-key}"
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
