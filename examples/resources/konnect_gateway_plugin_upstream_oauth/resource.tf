# The gateway fetches a token for the service.
resource "konnect_gateway_plugin_upstream_oauth" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    oauth = {
      token_endpoint = "https://idp.example.com/token"
      client_id      = "{vault://env/upstream-client-id}"
      client_secret  = "{vault://env/upstream-client-secret}"
      scopes         = ["orders"]
    }
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
