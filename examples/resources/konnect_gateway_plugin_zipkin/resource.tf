resource "konnect_gateway_plugin_zipkin" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    propagation = {
      default_format = "w3c"
      extract        = ["b3"]
      inject         = ["w3c", "b3", "jaeger", "ot", "aws", "datadog", "gcp"]
    }
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
