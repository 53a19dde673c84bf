# Exactly one control plane has to match.
data "konnect_gateway_control_plane" "shop" {
  filter = {
    name = { eq = "shop" }
  }
}

resource "konnect_gateway_service" "orders" {
  control_plane_id = data.konnect_gateway_control_plane.shop.id
  host             = "orders.example"
}
