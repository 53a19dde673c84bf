resource "konnect_gateway_plugin_request_transformer_advanced" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    add = {
      body = ["customer_id:$(query_params[\"customer_id\"])"]
    }
    allow = {
      body = ["customer_id", "customer_name", "customer_zipcode"]
    }
    remove = {
      querystring = ["customer_id"]
    }
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
