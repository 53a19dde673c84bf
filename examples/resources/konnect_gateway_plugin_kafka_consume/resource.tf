# Clients read the topic "orders" as server-sent events.
resource "konnect_gateway_plugin_kafka_consume" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    mode              = "server-sent-events"
    topics            = [{ name = "orders" }]
    bootstrap_servers = [{ host = "kafka.internal", port = 9092 }]
  }

  route = {
    id = konnect_gateway_route.orders.id
  }
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}

resource "konnect_gateway_route" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  name             = "orders"
  paths            = ["/orders"]
}
