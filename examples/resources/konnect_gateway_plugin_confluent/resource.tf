# Orders become messages in Confluent Cloud.
resource "konnect_gateway_plugin_confluent" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    topic              = "orders"
    cluster_api_key    = "{vault://env/confluent-key}"
    cluster_api_secret = "{vault://env/confluent-secret}"
    bootstrap_servers = [
      { host = "pkc-shop.eu-central-1.aws.confluent.cloud", port = 9092 },
    ]
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
