# A small gateway, from nothing, on the embedded control plane: no account, no network.

terraform {
  required_version = ">= 1.8"

  required_providers {
    konnect = {
      source = "openkonnect/konnect"
    }
  }
}

provider "konnect" {
  # For a control plane in Konnect write server_url and a token here instead.
  embedded = {
    path = "konnect.db"
  }
}

resource "konnect_gateway_control_plane" "shop" {
  name        = "shop"
  description = "Made by the quickstart"

  labels = {
    env = "quickstart"
  }
}

resource "konnect_gateway_service" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  name     = "orders"
  host     = "orders.internal"
  port     = 8080
  protocol = "http"
  path     = "/v1"
}

resource "konnect_gateway_route" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  name      = "orders"
  paths     = ["/orders", "~/orders/(?<id>\\d+)$"]
  methods   = ["GET", "POST"]
  protocols = ["http", "https"]

  service = {
    id = konnect_gateway_service.orders.id
  }
}

resource "konnect_gateway_consumer" "alice" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  username = "alice"
  tags     = ["partner"]
}

resource "konnect_gateway_consumer_group" "gold" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  name = "gold"
}

resource "konnect_gateway_consumer_group_member" "alice_gold" {
  control_plane_id  = konnect_gateway_control_plane.shop.id
  consumer_group_id = konnect_gateway_consumer_group.gold.id
  consumer_id       = konnect_gateway_consumer.alice.id
}

# A bundled plugin. A mistyped key or value of config fails the plan.
resource "konnect_gateway_plugin" "limit" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  name = "rate-limiting"

  config = {
    minute = 60
    policy = "local"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}

# A plugin of one's own: its schema, and an instance that is checked against that schema in the same plan.
resource "konnect_gateway_custom_plugin_schema" "greeter" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  lua_schema = file("${path.module}/schema.lua")
}

resource "konnect_gateway_custom_plugin" "greeter" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  name = konnect_gateway_custom_plugin_schema.greeter.name

  config = {
    greeting = "welcome"
    headers  = ["X-Greeting"]
  }

  route = {
    id = konnect_gateway_route.orders.id
  }
}

output "control_plane_id" {
  value = konnect_gateway_control_plane.shop.id
}
