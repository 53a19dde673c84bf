# Each run begins with what tests/kong.yaml holds, and keeps nothing.

provider "konnect" {
  embedded = {
    load = "tests/kong.yaml"
  }
}

variables {
  control_plane = "staging"
}

run "plan" {
  command = plan

  assert {
    condition     = toset(keys(konnect_gateway_plugin.limit)) == toset(["orders-gold", "orders-silver", "bills-gold"])
    error_message = "Limits: ${join(", ", keys(konnect_gateway_plugin.limit))}."
  }

  # Defaults are known before anything is there.
  assert {
    condition     = konnect_gateway_plugin.limit["orders-gold"].effective_config.limit_by == "consumer" && konnect_gateway_service.api["bills"].port == 80
    error_message = "A default is another one."
  }

  assert {
    condition     = konnect_gateway_plugin.greeting["orders"].effective_config.header == "X-Greeting"
    error_message = "The greeter has another header."
  }
}

run "apply" {
  assert {
    condition     = alltrue([for name, id in output.services : konnect_gateway_route.api[name].service.id == id])
    error_message = "A route leads elsewhere."
  }

  assert {
    condition     = length(konnect_gateway_consumer_group.tier) == 2
    error_message = "Groups: ${join(", ", keys(konnect_gateway_consumer_group.tier))}."
  }
}

run "wrong_limit" {
  command = plan

  variables {
    catalogue = "tests/wrong"
  }

  expect_failures = [konnect_gateway_plugin.limit["orders-gold"]]
}
