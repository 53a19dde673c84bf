# Orders become messages in a topic.
resource "konnect_gateway_plugin_kafka_upstream" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    topic             = "orders"
    bootstrap_servers = [{ host = "kafka.internal", port = 9092 }]
    forward_headers   = true
    authentication = {
      strategy  = "sasl"
      mechanism = "SCRAM-SHA-512"
      user      = "{vault://env/kafka-user}"
      password  = "{vault://env/kafka-password}"
    }
    security = {
      ssl = true
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
