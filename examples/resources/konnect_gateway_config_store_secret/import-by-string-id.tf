# Without a resource block, for terraform plan -generate-config-out, add: provider = konnect
import {
  to = konnect_gateway_config_store_secret.token
  id = jsonencode({
    key              = "token"
    control_plane_id = "9524ec7d-36d9-465d-a8c5-83a3c9390458"
    config_store_id  = "5f2a7c1e-8b0d-4c6f-9a3e-2d1b7e4f6a90"
  })
}

# From Terraform 1.12 on, the identity says the same in place of the id:
#   identity = {
#     key = "token"
#     control_plane_id = "9524ec7d-36d9-465d-a8c5-83a3c9390458"
#     config_store_id = "5f2a7c1e-8b0d-4c6f-9a3e-2d1b7e4f6a90"
#   }
