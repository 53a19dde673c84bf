# The GraphQL endpoint of the service is reached by REST paths.
resource "konnect_gateway_plugin_degraphql" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    graphql_server_path = "/graphql"
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
