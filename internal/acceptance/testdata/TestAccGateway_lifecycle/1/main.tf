resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
  labels = {
    env  = "test"
    team = "a"
  }
}

resource "konnect_gateway_service" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  name             = "orders"
  host             = "orders.example"
}

resource "konnect_gateway_route" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  name             = "orders"
  paths            = ["/orders", "~/orders/(?<id>\\d+)$"]
  headers          = { accept = ["application/json"] }
  service          = { id = konnect_gateway_service.orders.id }
}

resource "konnect_gateway_consumer" "alice" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  username         = "alice"
  tags             = ["b", "a"]
}

resource "konnect_gateway_consumer_group" "gold" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  name             = "gold"
}

resource "konnect_gateway_consumer_group_member" "alice" {
  control_plane_id  = konnect_gateway_control_plane.shop.id
  consumer_group_id = konnect_gateway_consumer_group.gold.id
  consumer_id       = konnect_gateway_consumer.alice.id
}

resource "konnect_gateway_plugin" "limit" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  name             = "rate-limiting"
  config           = { minute = 60 }
  service          = { id = konnect_gateway_service.orders.id }
}

resource "konnect_gateway_custom_plugin_schema" "greeter" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  lua_schema       = <<-EOT
    return {
      name = "greeter",
      fields = {
        { config = { type = "record", fields = {
          { greeting = { type = "string", required = true } },
          { status = { type = "integer", default = 200 } },
        } } },
      },
    }
  EOT
}

resource "konnect_gateway_custom_plugin" "greeter" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  name             = konnect_gateway_custom_plugin_schema.greeter.name
  config           = { greeting = "hello" }
  route            = { id = konnect_gateway_route.orders.id }
}
