resource "konnect_gateway_plugin_confluent" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    bootstrap_servers = [
      {
        host = "example.com"
        port = 9092
      },
    ]
    cluster_api_key    = "example-cluster-api-key"
    cluster_api_secret = "example-cluster-api-secret"
    producer_async     = false
    topic              = "kong-test"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
