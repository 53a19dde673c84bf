# Without a resource block, for terraform plan -generate-config-out, add: provider = konnect
import {
  to = konnect_gateway_custom_plugin_schema.greeter
  id = jsonencode({
    name             = "greeter"
    control_plane_id = "9524ec7d-36d9-465d-a8c5-83a3c9390458"
  })
}

# From Terraform 1.12 on, the identity says the same in place of the id:
#   identity = {
#     name = "greeter"
#     control_plane_id = "9524ec7d-36d9-465d-a8c5-83a3c9390458"
#   }
