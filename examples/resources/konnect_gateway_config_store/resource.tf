resource "konnect_gateway_config_store" "team" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  name = "team"
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}
