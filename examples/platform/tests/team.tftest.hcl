# A team's module by itself: what it is offered is made up, and no control plane is asked.

mock_provider "konnect" {}

variables {
  team = "orders"
  platform = {
    control_plane_id = "9524ec7d-36d9-465d-a8c5-83a3c9390458"
    tiers            = { gold = "gold-id", silver = "silver-id" }
  }
  apis = {
    orders = { host = "orders.internal", paths = ["/orders"] }
    labels = { host = "labels.internal", paths = ["/labels"], max_megabytes = 20 }
  }
  consumers = { warehouse = "gold" }
}

run "tier" {
  command = plan

  module {
    source = "./team"
  }

  assert {
    condition     = konnect_gateway_consumer_group_member.tier["warehouse"].consumer_group_id == "gold-id"
    error_message = "The consumer is in another tier."
  }

  assert {
    condition     = keys(konnect_gateway_plugin_request_size_limiting.api) == ["labels"]
    error_message = "Only who asks for it gets another limit."
  }

  assert {
    condition     = alltrue([for service in konnect_gateway_service.api : toset(service.tags) == toset([var.team])])
    error_message = "Something is not tagged with the team's name."
  }
}

run "no_such_tier" {
  command = plan

  module {
    source = "./team"
  }

  variables {
    consumers = { warehouse = "platinum" }
  }

  expect_failures = [konnect_gateway_consumer_group_member.tier["warehouse"]]
}
