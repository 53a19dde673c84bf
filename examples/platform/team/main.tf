# What a team keeps: its APIs, the consumers of these, and nothing of the platform's.

terraform {
  required_providers {
    konnect = {
      source = "openkonnect/konnect"
    }
  }
}

variable "team" {
  type        = string
  description = "Name of the team, with which everything of it is tagged."
}

variable "platform" {
  type = object({
    control_plane_id = string
    tiers            = map(string)
  })
  description = "The output \"offer\" of the platform."
}

variable "apis" {
  type = map(object({
    host          = string
    port          = optional(number)
    paths         = set(string)
    max_megabytes = optional(number)
  }))
  description = "APIs by their names."
}

variable "consumers" {
  type        = map(string)
  description = "Tiers of the consumers, by the names of these."
}

resource "konnect_gateway_service" "api" {
  for_each         = var.apis
  control_plane_id = var.platform.control_plane_id

  name = each.key
  host = each.value.host
  port = each.value.port
  tags = [var.team]
}

resource "konnect_gateway_route" "api" {
  for_each         = var.apis
  control_plane_id = var.platform.control_plane_id

  name    = each.key
  paths   = each.value.paths
  service = { id = konnect_gateway_service.api[each.key].id }
  tags    = [var.team]
}

# On a service, a plugin counts in place of the platform's of the same name.
resource "konnect_gateway_plugin_request_size_limiting" "api" {
  for_each         = { for name, api in var.apis : name => api.max_megabytes if api.max_megabytes != null }
  control_plane_id = var.platform.control_plane_id

  service = { id = konnect_gateway_service.api[each.key].id }
  config  = { allowed_payload_size = each.value }
  tags    = [var.team]
}

resource "konnect_gateway_consumer" "this" {
  for_each         = var.consumers
  control_plane_id = var.platform.control_plane_id

  username = each.key
  tags     = [var.team]
}

resource "konnect_gateway_consumer_group_member" "tier" {
  for_each         = var.consumers
  control_plane_id = var.platform.control_plane_id

  consumer_group_id = var.platform.tiers[each.value]
  consumer_id       = konnect_gateway_consumer.this[each.key].id

  lifecycle {
    precondition {
      condition     = contains(keys(var.platform.tiers), each.value)
      error_message = "The platform has these tiers: ${join(", ", keys(var.platform.tiers))}."
    }
  }
}

# The control plane makes the key.
resource "konnect_gateway_key_auth" "this" {
  for_each         = var.consumers
  control_plane_id = var.platform.control_plane_id

  consumer_id = konnect_gateway_consumer.this[each.key].id
  tags        = [var.team]
}

output "paths" {
  description = "Paths by the names of the APIs."
  value       = { for name, route in konnect_gateway_route.api : name => route.paths }
}

output "keys" {
  description = "Keys by the names of the consumers."
  value       = { for name, credential in konnect_gateway_key_auth.this : name => credential.key }
  sensitive   = true
}
