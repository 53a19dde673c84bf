resource "konnect_gateway_consumer_group" "gold" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  name = "gold"
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}
