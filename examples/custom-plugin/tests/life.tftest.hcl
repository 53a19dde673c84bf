# Each run is the next release, on the control plane that the one before has left. Delete the file where a test was
# interrupted.

provider "konnect" {
  embedded = { path = "tests/life.db" }
}

run "first" {
  assert {
    condition     = output.plugin == "greeter" && konnect_gateway_plugin.greeter["orders"].effective_config.header == "X-Greeting"
    error_message = "The plugin is ${output.plugin}, or has another header."
  }
}

run "grown" {
  variables {
    release = "1.1"
  }

  assert {
    condition     = output.plugin == "greeter" && output.instances == run.first.instances
    error_message = "Instances were made anew, where their schema has only got one more field."
  }
}

run "renamed" {
  variables {
    release = "2.0"
  }

  assert {
    condition     = output.plugin == "greeter-v2" && alltrue([for service, id in output.instances : id != run.first.instances[service]])
    error_message = "Instances of ${output.plugin} are those of the old plugin."
  }

  assert {
    condition     = alltrue([for plugin in konnect_gateway_plugin.greeter : plugin.name == "greeter-v2"])
    error_message = "An instance is of another plugin."
  }
}

run "back" {
  variables {
    release = "1.0"
  }

  assert {
    condition     = output.plugin == "greeter"
    error_message = "There is no way back."
  }
}

run "no_such_release" {
  command = plan

  variables {
    release = "3.0"
  }

  expect_failures = [var.release]
}
