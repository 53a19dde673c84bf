# What stood here has moved for good.
resource "konnect_gateway_plugin_redirect" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    status_code        = 308
    location           = "https://new.example.com"
    keep_incoming_path = true
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
