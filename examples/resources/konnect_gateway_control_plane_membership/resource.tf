resource "konnect_gateway_control_plane" "all" {
  name         = "all"
  cluster_type = "CLUSTER_TYPE_CONTROL_PLANE_GROUP"
}

resource "konnect_gateway_control_plane_membership" "all" {
  id      = konnect_gateway_control_plane.all.id
  members = [{ id = konnect_gateway_control_plane.shop.id }]
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}
