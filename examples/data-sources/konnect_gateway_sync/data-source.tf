# An apply that ends well has reached all data planes that are connected.
data "konnect_gateway_sync" "shop" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  timeout          = "3m"

  depends_on = [konnect_gateway_route.orders]
}

# The same without failing: a check only warns.
check "data_planes" {
  data "konnect_gateway_sync" "now" {
    control_plane_id = konnect_gateway_control_plane.shop.id
    timeout          = "0s"
  }

  assert {
    condition     = length(data.konnect_gateway_sync.now.nodes) >= 2
    error_message = "Fewer than two data planes are connected."
  }
}
