# Tokens must not be outdated.
resource "konnect_gateway_plugin_jwt" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    claims_to_verify   = ["exp"]
    maximum_expiration = 3600
    header_names       = ["authorization"]
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
