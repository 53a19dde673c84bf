# Employees log in with the company's directory.
resource "konnect_gateway_plugin_ldap_auth" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    ldap_host   = "ldap.internal"
    start_tls   = true
    base_dn     = "ou=people,dc=example,dc=com"
    attribute   = "uid"
    header_type = "basic"
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
