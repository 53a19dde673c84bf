# A crawler is kept out, another one let in.
resource "konnect_gateway_plugin_bot_detection" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    allow = ["FriendlyBot"]
    deny  = ["NosyCrawler/.*"]
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
