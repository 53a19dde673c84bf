resource "konnect_gateway_consumer" "alice" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  username  = "alice"
  custom_id = "crm-4711"
  tags      = ["partner"]
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}
