# Clients give a product's name, and the template asks for its description.
resource "konnect_gateway_plugin_ai_prompt_template" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    allow_untemplated_requests = false
    templates = [{
      name = "describe-product"
      template = jsonencode({
        messages = [{ role = "user", content = "Describe {{product}} in two sentences." }]
      })
    }]
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
