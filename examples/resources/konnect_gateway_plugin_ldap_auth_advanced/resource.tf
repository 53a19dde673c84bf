# Only members of the group "shop" get in.
resource "konnect_gateway_plugin_ldap_auth_advanced" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    ldap_host       = "ldap.internal"
    start_tls       = true
    bind_dn         = "cn=gateway,dc=example,dc=com"
    ldap_password   = "{vault://env/ldap-password}"
    base_dn         = "ou=people,dc=example,dc=com"
    attribute       = "uid"
    groups_required = ["shop"]
    header_type     = "basic"
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
