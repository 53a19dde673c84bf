# The log goes to a collector, in batches.
resource "konnect_gateway_plugin_http_log" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    http_endpoint = "https://logs.example.com/shop"
    headers = {
      Authorization = "{vault://env/log-authorization}"
    }
    queue = {
      max_batch_size       = 100
      max_coalescing_delay = 5
    }
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
