# Configurations refer to its secrets by {vault://team/<key>}.
resource "konnect_gateway_vault" "team" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  name   = "konnect"
  prefix = "team"
  config = jsonencode({ config_store_id = konnect_gateway_config_store.team.id })
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}

resource "konnect_gateway_config_store" "team" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  name             = "team"
}
