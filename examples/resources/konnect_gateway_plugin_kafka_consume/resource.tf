resource "konnect_gateway_plugin_kafka_consume" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    bootstrap_servers = [
      {
        host = "service.example.com"
        port = 9092
      },
    ]
    consumer_group = {
      mode = "kong_consumer"
    }
    mode = "http-get"
    topics = [
      {
        name = "example-name"
      },
    ]
  }
}
