# The life of a plugin of one's own: a schema with two instances, a schema that grows, and one with another name. README.md
# goes through it step by step. In a repository of one's own the plugin has one folder, and its releases are commits.

terraform {
  required_version = ">= 1.8"

  required_providers {
    konnect = {
      source = "openkonnect/konnect"
    }
  }
}

variable "release" {
  type        = string
  description = "Release of the plugin: 1.0, 1.1 or 2.0."
  default     = "1.0"

  validation {
    condition     = contains(["1.0", "1.1", "2.0"], var.release)
    error_message = "There are 1.0, 1.1 and 2.0."
  }
}

locals {
  folder = one(fileset(path.module, "plugins/${var.release}/*/schema.lua"))

  # Greetings by the service that they are for; "" is for all others.
  greetings = {
    ""     = "welcome"
    orders = "your orders"
  }

  # What an instance looks like in each release.
  config = { for service, text in local.greetings : service => {
    "1.0" = { greeting = text }
    "1.1" = { greeting = text, language = "en" }
    "2.0" = { greetings = { en = text } }
  }[var.release] }
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}

resource "konnect_gateway_service" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  name = "orders"
  host = "orders.internal"
}

# A schema with another name is another schema. The new one is uploaded before the old one goes.
resource "konnect_gateway_custom_plugin_schema" "greeter" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  lua_schema = file("${path.module}/${local.folder}")

  lifecycle {
    create_before_destroy = true
  }
}

# So are its instances, so that all the way each of them has its schema. They have no instance_name: two instances of one
# name could not be there at the same time.
resource "konnect_gateway_plugin" "greeter" {
  for_each         = local.config
  control_plane_id = konnect_gateway_control_plane.shop.id

  name    = konnect_gateway_custom_plugin_schema.greeter.name
  service = each.key == "" ? null : { id = konnect_gateway_service.orders.id }
  config  = each.value

  lifecycle {
    create_before_destroy = true
  }
}

output "plugin" {
  description = "Name of the plugin that is in use."
  value       = konnect_gateway_custom_plugin_schema.greeter.name
}

output "instances" {
  description = "IDs of the instances, by the names of the services."
  value       = { for service, plugin in konnect_gateway_plugin.greeter : service => plugin.id }
}
