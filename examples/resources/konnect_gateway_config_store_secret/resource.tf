resource "konnect_gateway_config_store_secret" "token" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  config_store_id  = konnect_gateway_config_store.team.id

  key   = "token"
  value = var.token
}

variable "token" {
  type      = string
  sensitive = true
}
