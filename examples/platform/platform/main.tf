# What the platform team keeps. Teams get the output "offer" and nothing else.

terraform {
  required_providers {
    konnect = {
      source = "openkonnect/konnect"
    }
  }
}

variable "name" {
  type        = string
  description = "Name of the control plane."
}

variable "tiers" {
  type        = map(number)
  description = "Requests a minute that each consumer of a tier may make."
}

resource "konnect_gateway_control_plane" "this" {
  name = var.name
}

resource "konnect_gateway_consumer_group" "tier" {
  for_each         = var.tiers
  control_plane_id = konnect_gateway_control_plane.this.id

  name = each.key
  tags = ["platform"]
}

resource "konnect_gateway_plugin_rate_limiting" "tier" {
  for_each         = var.tiers
  control_plane_id = konnect_gateway_control_plane.this.id

  consumer_group = { id = konnect_gateway_consumer_group.tier[each.key].id }
  config         = { minute = each.value, policy = "local" }
  tags           = ["platform"]
}

# Plugins without a service, route or consumer are there for every API.
resource "konnect_gateway_plugin_key_auth" "all" {
  control_plane_id = konnect_gateway_control_plane.this.id

  config = { key_names = ["X-Api-Key"], key_in_query = false, hide_credentials = true }
  tags   = ["platform"]
}

resource "konnect_gateway_plugin_correlation_id" "all" {
  control_plane_id = konnect_gateway_control_plane.this.id

  config = { header_name = "X-Request-Id", generator = "uuid", echo_downstream = true }
  tags   = ["platform"]
}

resource "konnect_gateway_plugin_request_size_limiting" "all" {
  control_plane_id = konnect_gateway_control_plane.this.id

  config = { allowed_payload_size = var.max_megabytes }
  tags   = ["platform"]
}

variable "max_megabytes" {
  type        = number
  description = "Size of a request's body where a team says nothing else."
  default     = 2
}

output "offer" {
  description = "The control plane, and the IDs of its tiers by their names."
  value = {
    control_plane_id = konnect_gateway_control_plane.this.id
    tiers            = { for name, group in konnect_gateway_consumer_group.tier : name => group.id }
  }
}

# What the plugins run with, defaults included: a test of the platform looks here.
output "plugins" {
  description = "Configurations of the plugins that hold for every API."
  value = {
    key-auth              = konnect_gateway_plugin_key_auth.all.config
    correlation-id        = konnect_gateway_plugin_correlation_id.all.config
    request-size-limiting = konnect_gateway_plugin_request_size_limiting.all.config
  }
}
