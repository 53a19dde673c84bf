# Injected SQL in path, query and body is blocked.
resource "konnect_gateway_plugin_injection_protection" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    injection_types  = ["sql"]
    locations        = ["path_and_query", "body"]
    enforcement_mode = "block"
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
