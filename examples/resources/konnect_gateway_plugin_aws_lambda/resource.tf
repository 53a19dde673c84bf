# The function "orders" answers requests.
resource "konnect_gateway_plugin_aws_lambda" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    aws_region            = "eu-central-1"
    function_name         = "orders"
    aws_assume_role_arn   = "arn:aws:iam::123456789012:role/invoke-orders"
    awsgateway_compatible = true
    is_proxy_integration  = true
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
