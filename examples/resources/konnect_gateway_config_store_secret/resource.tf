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

# In a form that neither a plan nor a state holds; another version writes another value.
resource "konnect_gateway_config_store_secret" "password" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  config_store_id  = konnect_gateway_config_store.team.id

  key              = "password"
  value_wo         = var.password
  value_wo_version = 1
}

variable "password" {
  type      = string
  ephemeral = true
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}

resource "konnect_gateway_config_store" "team" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  name             = "team"
}
