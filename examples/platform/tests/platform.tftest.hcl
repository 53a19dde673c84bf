# The platform with both teams, in memory.

provider "konnect" {
  embedded = { path = ":memory:" }
}

run "plan" {
  command = plan

  assert {
    condition     = module.platform.plugins["key-auth"].hide_credentials && module.platform.plugins["request-size-limiting"].allowed_payload_size == 2
    error_message = "A default of the platform is another one."
  }

  # Known before anything is there.
  assert {
    condition     = module.platform.plugins["request-size-limiting"].size_unit == "megabytes"
    error_message = "The limit has another unit."
  }
}

run "apply" {
  assert {
    condition     = toset(keys(output.apis)) == toset(["orders", "labels", "bills"])
    error_message = "APIs: ${join(", ", keys(output.apis))}."
  }

  assert {
    condition     = length(distinct(values(output.keys))) == 3
    error_message = "Each consumer has a key of its own."
  }
}
