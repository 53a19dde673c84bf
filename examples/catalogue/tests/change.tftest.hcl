# Runs that build on each other: a file keeps what the one before has made. In the end Terraform destroys all of it, and
# leaves the file with what it began with. Delete the file where a test was interrupted.

provider "konnect" {
  embedded = {
    path = "tests/change.db"
    load = "tests/kong.yaml"
  }
}

variables {
  control_plane = "staging"
}

run "before" {}

run "after" {
  variables {
    catalogue = "tests/catalogue"
  }

  assert {
    condition     = output.services["orders"] == run.before.services["orders"]
    error_message = "The service was made anew, and everything that refers to it."
  }

  assert {
    condition     = !contains(keys(output.services), "bills")
    error_message = "An API that is gone from the catalogue is still there."
  }
}
