# Two instances of http-log on everything: the plugin itself, and a clone.
resource "konnect_gateway_cloned_plugin" "audit_log" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  name     = "audit-log"
  ref      = "http-log"
  priority = 5
  tags     = ["audit"]
}

resource "konnect_gateway_plugin" "audit_log" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  name   = konnect_gateway_cloned_plugin.audit_log.name
  config = { http_endpoint = "https://audit.example/log" }
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}
