# Clients read a queue by server-sent events.
resource "konnect_gateway_plugin_solace_consume" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    mode = "SERVER-SENT-EVENTS"
    session = {
      host     = "tcps://solace.internal:55443"
      vpn_name = "shop"
      authentication = {
        scheme   = "BASIC"
        username = "{vault://env/solace-user}"
        password = "{vault://env/solace-password}"
      }
    }
    flow = {
      binds = [{ name = "orders" }]
    }
  }

  route = {
    id = konnect_gateway_route.orders.id
  }
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}

resource "konnect_gateway_route" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  name             = "orders"
  paths            = ["/orders"]
}
