# Bodies stay within what the service can take.
resource "konnect_gateway_plugin_json_threat_protection" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    max_body_size           = 65536
    max_container_depth     = 8
    max_array_element_count = 500
    max_string_value_length = 4096
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
