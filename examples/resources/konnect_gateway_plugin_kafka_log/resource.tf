# The log goes to a topic.
resource "konnect_gateway_plugin_kafka_log" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    topic             = "gateway-log"
    bootstrap_servers = [{ host = "kafka.internal", port = 9092 }]
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
