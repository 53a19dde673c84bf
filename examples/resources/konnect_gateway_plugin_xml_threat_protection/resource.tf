resource "konnect_gateway_plugin_xml_threat_protection" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    localname    = 512
    max_depth    = 50
    namespaceuri = 1024
    prefix       = 512
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
