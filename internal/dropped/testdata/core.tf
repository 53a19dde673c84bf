resource "konnect_gateway_service" "orders" {
  control_plane_id = var.cp
  host             = "orders.example"
  port             = 99999                 # want "port: value should be between 0 and 65535"
  tls_sans         = { dns_names = ["a"] } # want "tls_sans.dns_names: .* Did you mean dnsnames?"
  retries          = "five"                # want "retries: a number is required"
  tags             = ["a", var.tag]
  lifecycle {
    ignore_changes = [port]
  }
}

resource "konnect_gateway_route" "orders" {
  control_plane_id = ""                                                          # want "control_plane_id is empty"
  service          = { id = konnect_gateway_service.orders.id, name = "orders" } # want "service.name: "
  protocols        = ["tcp"]
  destinations = [
    { port = 80 },
    { ip = "10.0.0.1", prot = 80 }, # want "destinations\\[1\\].prot: .* Did you mean port?"
  ]
}

resource "konnect_gateway_route" "paths" {
  control_plane_id = var.cp
  headers          = { "x-tenant" = ["a"], anything = ["b"] }
  paths            = ["/", "orders"] # want "paths\\[1\\]: should start with: /"
}

resource "konnect_gateway_service" "empty" {
  control_plane_id = "" # want "control_plane_id is empty"
  host             = "h.example"
}

resource "konnect_gateway_control_plane" "shop" {
  name   = "shop"
  labels = { any = "thing" }
  proxy_urls = [
    { host = "h.example", port = 443, protocol = "https", protocl = "https" }, # want "proxy_urls\\[0\\].protocl: .* Did you mean protocol?"
  ]
}

# The free-form resource keeps every key; its schema says what is wrong.
resource "konnect_gateway_plugin" "free" {
  control_plane_id = var.cp
  name             = "rate-limiting"
  config = {
    minute = 5
    polcy  = "x" # want "config.polcy: unknown field. Did you mean \"policy\"?"
    redis = {
      hsot = var.host # want "config.redis.hsot: unknown field"
      port = var.port
    }
  }
}

resource "konnect_gateway_plugin" "mistyped" {
  control_plane_id = var.cp
  name             = "my-own"
  config           = { anything = var.x, goes = [1, { here = true }] }
}

resource "konnect_gateway_plugin" "secret" {
  control_plane_id = var.cp
  name             = "rate-limiting"
  config = {
    minute = 5
    policy = "hunter2-is-secret" # want "config.policy: expected one of"
    redis  = { password = "hunter2-is-secret" } # want "config.redis.password: a secret is written out"
  }
}

resource "konnect_gateway_custom_plugin_schema" "mine" {
  control_plane_id = var.cp
  lua_schema       = "return { name = = 'mine' }" # want "schema.lua:1: unexpected symbol near '='"
}

locals {
  config = { polcy = 1 }
}

resource "konnect_gateway_plugin" "secrets" {
  control_plane_id = var.cp
  name             = "rate-limiting"
  config           = { minute = 5, policy = "redis", redis = { host = "redis.example", password = "hunter2-hunter2" } } # want "config.redis.password: a secret is written out"
}

resource "konnect_gateway_plugin" "kept_secret" {
  control_plane_id = var.cp
  name             = "rate-limiting"
  config           = { minute = 5, policy = "redis", redis = { host = "redis.example", password = var.password } }
}
