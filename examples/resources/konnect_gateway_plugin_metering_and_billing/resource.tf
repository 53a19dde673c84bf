# Calls are billed by the application that made them.
resource "konnect_gateway_plugin_metering_and_billing" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    ingest_endpoint = "https://eu.api.konghq.com/v3/openmeter/events"
    api_token       = "{vault://env/metering-token}"
    subject = {
      look_up_value_in = "consumer"
      field            = "custom_id"
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
