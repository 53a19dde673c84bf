# Orders become messages in a queue of Solace.
resource "konnect_gateway_plugin_solace_upstream" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    session = {
      host     = "tcps://solace.internal:55443"
      vpn_name = "shop"
      authentication = {
        scheme   = "BASIC"
        username = "{vault://env/solace-user}"
        password = "{vault://env/solace-password}"
      }
    }
    message = {
      destinations  = [{ name = "orders", type = "QUEUE" }]
      delivery_mode = "PERSISTENT"
      forward_body  = true
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
