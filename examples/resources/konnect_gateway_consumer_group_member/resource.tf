resource "konnect_gateway_consumer_group_member" "alice_gold" {
  control_plane_id  = konnect_gateway_control_plane.shop.id
  consumer_group_id = konnect_gateway_consumer_group.gold.id
  consumer_id       = konnect_gateway_consumer.alice.id
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}

resource "konnect_gateway_consumer_group" "gold" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  name             = "gold"
}

resource "konnect_gateway_consumer" "alice" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  username         = "alice"
}
