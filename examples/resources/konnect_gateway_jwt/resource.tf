resource "konnect_gateway_jwt" "alice" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  consumer_id      = konnect_gateway_consumer.alice.id

  key            = "https://idp.example"
  algorithm      = "RS256"
  rsa_public_key = file("${path.module}/idp.pub")
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}

resource "konnect_gateway_consumer" "alice" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  username         = "alice"
}
