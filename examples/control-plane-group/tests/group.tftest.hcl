# Each run builds on the one before, in a file. Delete the file where a test was interrupted.

provider "konnect" {
  embedded = { path = "tests/group.db" }
}

run "two_teams" {
  assert {
    condition     = toset(output.members) == toset(["bills", "orders", "platform"]) && length(konnect_gateway_control_plane_membership.all.members) == 3
    error_message = "Members: ${join(", ", output.members)}."
  }
}

run "a_team_leaves" {
  variables {
    teams = {
      orders = { orders = { host = "orders.internal", paths = ["/orders"] } }
    }
  }

  assert {
    condition     = toset(output.members) == toset(["orders", "platform"]) && output.group == run.two_teams.group
    error_message = "Members: ${join(", ", output.members)}."
  }
}

run "the_same_name" {
  command = plan

  variables {
    teams = {
      orders = { items = { host = "orders.internal", paths = ["/orders"] } }
      bills  = { items = { host = "bills.internal", paths = ["/bills"] } }
    }
  }

  expect_failures = [var.teams]
}
