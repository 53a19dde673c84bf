resource "konnect_gateway_plugin_confluent_consume" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    bootstrap_servers = [
      {
        host = "service.example.com"
        port = 9092
      },
    ]
    cluster_api_key    = "example-cluster-api-key"
    cluster_api_secret = "example-cluster-api-secret"
    mode               = "websocket"
    topics = [
      {
        name = "example-name"
      },
    ]
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
