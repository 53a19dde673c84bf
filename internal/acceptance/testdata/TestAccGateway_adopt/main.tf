variable "control_plane_id" { type = string }
variable "service_id" { type = string }
variable "route_id" { type = string }
variable "consumer_id" { type = string }
variable "group_id" { type = string }
variable "plugin_id" { type = string }

variable "description" {
  type    = string
  default = null
}

import {
  to = konnect_gateway_control_plane.hand
  id = var.control_plane_id
}

resource "konnect_gateway_control_plane" "hand" {
  name         = "world"
  description  = var.description
  cluster_type = "CLUSTER_TYPE_CONTROL_PLANE"
}

import {
  to = konnect_gateway_service.hand
  id = jsonencode({ id = var.service_id, control_plane_id = var.control_plane_id })
}

resource "konnect_gateway_service" "hand" {
  control_plane_id = konnect_gateway_control_plane.hand.id
  name             = "hand"
  host             = "a.example"
  tags             = ["x"]
}

import {
  to = konnect_gateway_route.hand
  id = jsonencode({ id = var.route_id, control_plane_id = var.control_plane_id })
}

resource "konnect_gateway_route" "hand" {
  control_plane_id = konnect_gateway_control_plane.hand.id
  paths            = ["/a"]
  service          = { id = konnect_gateway_service.hand.id }
}

import {
  to = konnect_gateway_consumer.hand
  id = jsonencode({ id = var.consumer_id, control_plane_id = var.control_plane_id })
}

resource "konnect_gateway_consumer" "hand" {
  control_plane_id = konnect_gateway_control_plane.hand.id
  username         = "hand"
}

import {
  to = konnect_gateway_consumer_group.hand
  id = jsonencode({ id = var.group_id, control_plane_id = var.control_plane_id })
}

resource "konnect_gateway_consumer_group" "hand" {
  control_plane_id = konnect_gateway_control_plane.hand.id
  name             = "hand"
}

import {
  to = konnect_gateway_plugin.hand
  id = jsonencode({ id = var.plugin_id, control_plane_id = var.control_plane_id })
}

resource "konnect_gateway_plugin" "hand" {
  control_plane_id = konnect_gateway_control_plane.hand.id
  name             = "rate-limiting"
  config           = { minute = 5, policy = "local" }
}
