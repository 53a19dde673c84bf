resource "konnect_gateway_plugin_solace_log" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    message = {
      delivery_mode = "PERSISTENT"
      destinations = [
        {
          name = "example-name"
          type = "QUEUE"
        },
      ]
    }
    session = {
      authentication = {
        client_credentials = {
          client_id      = "example-client-id"
          client_secret  = "example-client-secret"
          eagerly_expire = 5
          token_endpoint = "https://service.example.com/path"
        }
        scheme = "CLIENT_CREDENTIALS"
      }
      host                     = "service.example.com"
      ssl_validate_certificate = true
      vpn_name                 = "default"
    }
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
