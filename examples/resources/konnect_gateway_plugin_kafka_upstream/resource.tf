resource "konnect_gateway_plugin_kafka_upstream" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    security = {
      ssl = true
    }
    topic = "example-topic"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
