# Clients read the topic "orders" as server-sent events.
resource "konnect_gateway_plugin_confluent_consume" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    mode               = "server-sent-events"
    cluster_api_key    = "{vault://env/confluent-key}"
    cluster_api_secret = "{vault://env/confluent-secret}"
    topics             = [{ name = "orders" }]
    bootstrap_servers = [
      { host = "pkc-shop.eu-central-1.aws.confluent.cloud", port = 9092 },
    ]
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
