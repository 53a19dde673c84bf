resource "konnect_gateway_plugin_aws_lambda" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    aws_key         = "example-aws-key"
    aws_region      = "us-east-1"
    aws_secret      = "example-aws-secret"
    function_name   = "example-function-name"
    invocation_type = "RequestResponse"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
