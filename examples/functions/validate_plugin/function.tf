# Configurations that come from elsewhere, all of them judged at once.
locals {
  configs = yamldecode(file("${path.module}/plugins.yaml"))
}

check "plugins" {
  assert {
    condition = alltrue([
      for name, config in local.configs : length(provider::konnect::validate_plugin(name, config)) == 0
    ])
    error_message = join("\n", flatten([
      for name, config in local.configs : [
        for v in provider::konnect::validate_plugin(name, config) : "${name}: ${v.path}: ${v.message}"
      ]
    ]))
  }
}
