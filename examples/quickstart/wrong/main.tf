# Deliberately wrong: the plan must fail, and name each mistake at its own attribute.

terraform {
  required_version = ">= 1.8"

  required_providers {
    konnect = {
      source = "openkonnect/konnect"
    }
  }
}

provider "konnect" {
  embedded = {
    path = "konnect.db"
  }
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop-wrong"
}

resource "konnect_gateway_service" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  host = "orders.internal"
  port = 99999 # no such port
}

resource "konnect_gateway_plugin" "limit" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  name = "rate-limiting"

  config = {
    minute = 60
    polcy  = "local" # policy is meant

    redis = {
      port = 99999 # no such port either
    }
  }
}
