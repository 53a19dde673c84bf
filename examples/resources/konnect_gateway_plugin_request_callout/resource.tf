# The customer is looked up before the request goes on.
resource "konnect_gateway_plugin_request_callout" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    callouts = [{
      name = "customer"
      request = {
        url = "http://customers.internal/by-token"
        headers = {
          forward = true
        }
        error = {
          on_error            = "fail"
          error_response_code = 403
        }
      }
    }]
    upstream = {
      headers = {
        custom = {
          X-Customer = "$(callouts.customer.response.body.id)"
        }
      }
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
