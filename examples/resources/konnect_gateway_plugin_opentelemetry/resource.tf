# A tenth of the requests is traced.
resource "konnect_gateway_plugin_opentelemetry" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    traces_endpoint = "http://collector.internal:4318/v1/traces"
    sampling_rate   = 0.1
    resource_attributes = {
      "service.name" = "shop-gateway"
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
