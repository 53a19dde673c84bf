# An API catalogue: one YAML file for each API becomes a service with its route, limits for groups of consumers
# and, if it greets, an instance of a plugin of our own.

terraform {
  required_version = ">= 1.8"

  required_providers {
    konnect = {
      source = "openkonnect/konnect"
    }
  }
}

variable "control_plane" {
  type        = string
  description = "Name of the control plane, which is there already."
}

variable "catalogue" {
  type        = string
  description = "Folder with one YAML file for each API."
  default     = "catalogue"
}

locals {
  apis = {
    for file in fileset(var.catalogue, "*.yaml") :
    trimsuffix(file, ".yaml") => yamldecode(file("${var.catalogue}/${file}"))
  }
  groups = toset(flatten([for api in local.apis : keys(try(api.groups, {}))]))
  limits = merge([
    for name, api in local.apis : {
      for group, limit in try(api.groups, {}) : "${name}-${group}" => { api = name, group = group, config = limit }
    }
  ]...)
}

data "konnect_gateway_control_plane" "this" {
  filter = { name = { eq = var.control_plane } }
}

resource "konnect_gateway_service" "api" {
  for_each         = local.apis
  control_plane_id = data.konnect_gateway_control_plane.this.id

  name = each.key
  host = each.value.host
  port = try(each.value.port, null)
  tags = ["catalogue"]
}

resource "konnect_gateway_route" "api" {
  for_each         = local.apis
  control_plane_id = data.konnect_gateway_control_plane.this.id

  name    = each.key
  paths   = each.value.paths
  service = { id = konnect_gateway_service.api[each.key].id }
}

resource "konnect_gateway_consumer_group" "tier" {
  for_each         = local.groups
  control_plane_id = data.konnect_gateway_control_plane.this.id

  name = each.key
}

resource "konnect_gateway_plugin_key_auth" "api" {
  for_each         = local.apis
  control_plane_id = data.konnect_gateway_control_plane.this.id

  service = { id = konnect_gateway_service.api[each.key].id }
  config  = { hide_credentials = true }
}

resource "konnect_gateway_plugin" "limit" {
  for_each         = local.limits
  control_plane_id = data.konnect_gateway_control_plane.this.id

  name           = "rate-limiting"
  instance_name  = each.key
  service        = { id = konnect_gateway_service.api[each.value.api].id }
  consumer_group = { id = konnect_gateway_consumer_group.tier[each.value.group].id }
  config         = provider::konnect::plugin_config("rate-limiting", merge({ policy = "local" }, each.value.config))

  lifecycle {
    precondition {
      condition     = length(provider::konnect::validate_plugin("rate-limiting", each.value.config)) == 0
      error_message = "The limit of ${each.value.group} in ${each.value.api}.yaml is wrong."
    }
  }
}

resource "konnect_gateway_custom_plugin_schema" "greeter" {
  control_plane_id = data.konnect_gateway_control_plane.this.id

  lua_schema = file("${path.module}/plugins/greeter.lua")
}

resource "konnect_gateway_plugin" "greeting" {
  for_each         = { for name, api in local.apis : name => api.greeting if can(api.greeting) }
  control_plane_id = data.konnect_gateway_control_plane.this.id

  name    = konnect_gateway_custom_plugin_schema.greeter.name
  service = { id = konnect_gateway_service.api[each.key].id }
  config  = { text = each.value }
}

output "services" {
  description = "IDs of the services, by the name of the API."
  value       = { for name, service in konnect_gateway_service.api : name => service.id }
}
