# Documents stay within what the service can take.
resource "konnect_gateway_plugin_xml_threat_protection" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    document     = 1048576
    max_depth    = 20
    max_children = 200
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
