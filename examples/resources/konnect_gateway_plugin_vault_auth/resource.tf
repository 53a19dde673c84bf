# Credentials are looked up in HashiCorp Vault.
resource "konnect_gateway_plugin_vault_auth" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    vault = {
      id = konnect_gateway_vault.credentials.id
    }
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}

resource "konnect_gateway_service" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  name             = "orders"
  host             = "orders.internal"
}

resource "konnect_gateway_vault" "credentials" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  name             = "hcv"
  prefix           = "credentials"

  config = jsonencode({
    host  = "vault.internal"
    token = "{vault://env/vault-token}"
  })
}
