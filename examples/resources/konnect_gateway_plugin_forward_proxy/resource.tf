resource "konnect_gateway_plugin_forward_proxy" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    auth_password   = "example-auth-password"
    auth_username   = "example-auth-username"
    http_proxy_host = "service.example.com"
    http_proxy_port = 80
    https_verify    = false
    proxy_scheme    = "http"
    x_headers       = "transparent"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
