resource "konnect_gateway_plugin_metering_and_billing" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    api_token            = "example-api-token"
    ingest_endpoint      = "https://service.example.com/path"
    meter_ai_token_usage = true
    meter_api_requests   = false
    subject = {
      look_up_value_in = "consumer"
    }
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
