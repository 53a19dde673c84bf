# The service is only reached through the company's proxy.
resource "konnect_gateway_plugin_forward_proxy" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    http_proxy_host  = "proxy.internal"
    http_proxy_port  = 3128
    https_proxy_host = "proxy.internal"
    https_proxy_port = 3128
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
