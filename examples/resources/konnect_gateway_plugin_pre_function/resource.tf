# Requests without a tenant are refused.
resource "konnect_gateway_plugin_pre_function" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    access = [
      "if not kong.request.get_header('X-Tenant') then return kong.response.exit(400, { message = 'X-Tenant is missing' }) end",
    ]
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
