# A control plane group: one set of data planes runs what three control planes hold, one of each team and one of the
# platform. Plugins without a scope stand in one member only; services, routes and consumers have names of their own.
#
#   export KONNECT_EMBEDDED=konnect.db    # or KONNECT_SERVER_URL and KONNECT_TOKEN
#   terraform init && terraform test && terraform apply

terraform {
  required_version = ">= 1.8"

  required_providers {
    konnect = {
      source = "openkonnect/konnect"
    }
  }
}

variable "teams" {
  type = map(map(object({
    host  = string
    paths = set(string)
  })))
  description = "APIs by their names, by teams."

  default = {
    orders = { orders = { host = "orders.internal", paths = ["/orders"] } }
    bills  = { bills = { host = "bills.internal", paths = ["/bills"] } }
  }

  validation {
    condition     = length(flatten([for apis in values(var.teams) : keys(apis)])) == length(merge(values(var.teams)...))
    error_message = "Two teams have an API of the same name. A group cannot take both."
  }
}

locals {
  apis = merge([
    for team, apis in var.teams : { for name, api in apis : "${team}/${name}" => merge(api, { team = team, name = name }) }
  ]...)
}

# The group takes the certificates of data planes and nothing else: what is written for them is in its members.
resource "konnect_gateway_control_plane" "all" {
  name         = "all"
  description  = "What the data planes run"
  cluster_type = "CLUSTER_TYPE_CONTROL_PLANE_GROUP"
}

resource "konnect_gateway_control_plane" "platform" {
  name        = "platform"
  description = "What holds for all teams"
}

resource "konnect_gateway_control_plane" "team" {
  for_each = var.teams

  name   = each.key
  labels = { team = each.key }
}

# All members, in one place: who is not in the list leaves the group.
resource "konnect_gateway_control_plane_membership" "all" {
  id      = konnect_gateway_control_plane.all.id
  members = [for plane in concat([konnect_gateway_control_plane.platform], values(konnect_gateway_control_plane.team)) : { id = plane.id }]
}

# Without a scope, a plugin of any member holds for the APIs of all. The same one in two members is a conflict.
resource "konnect_gateway_plugin_correlation_id" "all" {
  control_plane_id = konnect_gateway_control_plane.platform.id

  config = { header_name = "X-Request-Id", generator = "uuid" }
}

resource "konnect_gateway_service" "api" {
  for_each         = local.apis
  control_plane_id = konnect_gateway_control_plane.team[each.value.team].id

  name = each.value.name
  host = each.value.host
}

resource "konnect_gateway_route" "api" {
  for_each         = local.apis
  control_plane_id = konnect_gateway_control_plane.team[each.value.team].id

  name    = each.value.name
  paths   = each.value.paths
  service = { id = konnect_gateway_service.api[each.key].id }
}

# A warning says which members are in conflict, whoever has made them so.
data "konnect_gateway_sync" "all" {
  control_plane_id = konnect_gateway_control_plane.all.id
  timeout          = "1m"

  depends_on = [
    konnect_gateway_control_plane_membership.all,
    konnect_gateway_plugin_correlation_id.all,
    konnect_gateway_route.api,
  ]
}

output "group" {
  description = "ID of the group, to which data planes connect."
  value       = konnect_gateway_control_plane.all.id
}

output "members" {
  description = "Names of the members."
  value       = sort(concat([konnect_gateway_control_plane.platform.name], keys(konnect_gateway_control_plane.team)))
}
