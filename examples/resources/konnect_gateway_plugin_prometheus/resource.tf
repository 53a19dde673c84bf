# Requests, times and bytes are counted.
resource "konnect_gateway_plugin_prometheus" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    status_code_metrics = true
    latency_metrics     = true
    bandwidth_metrics   = true
  }
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}
