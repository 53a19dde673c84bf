# A tenth of the requests is traced.
resource "konnect_gateway_plugin_zipkin" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    http_endpoint = "http://zipkin.internal:9411/api/v2/spans"
    sample_ratio  = 0.1
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
