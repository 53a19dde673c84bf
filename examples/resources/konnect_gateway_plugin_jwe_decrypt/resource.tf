# Encrypted tokens are decrypted with the keys of a key set.
resource "konnect_gateway_plugin_jwe_decrypt" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    key_sets = [konnect_gateway_key_set.tokens.name]
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

resource "konnect_gateway_key_set" "tokens" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  name             = "tokens"
}
