# No control plane at all: Terraform makes up what the provider would say. Configurations are checked all the same.

mock_provider "konnect" {}

override_data {
  target = data.konnect_gateway_control_plane.this
  values = {
    id = "9524ec7d-36d9-465d-a8c5-83a3c9390458"
  }
}

override_resource {
  target = konnect_gateway_service.api["orders"]
  values = {
    id = "orders-service"
  }
}

variables {
  control_plane = "staging"
}

run "mocked" {
  assert {
    condition     = output.services["orders"] == "orders-service" && konnect_gateway_plugin.greeting["orders"].service.id == "orders-service"
    error_message = "The service is not the one that was made up."
  }
}
