resource "konnect_gateway_key_set" "signing" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  name = "signing"
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}
