# The service gets its tenant, and none of the client's cookies.
resource "konnect_gateway_plugin_request_transformer" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    add = {
      headers = ["X-Tenant:shop"]
    }
    remove = {
      headers = ["Cookie"]
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
