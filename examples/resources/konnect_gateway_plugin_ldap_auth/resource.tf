resource "konnect_gateway_plugin_ldap_auth" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    attribute        = "cn"
    base_dn          = "dc=example,dc=com"
    cache_ttl        = 60
    header_type      = "ldap"
    ldap_host        = "service.example.com"
    ldap_port        = 636
    ldaps            = true
    verify_ldap_host = false
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
