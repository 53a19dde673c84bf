# Without a resource block, for terraform plan -generate-config-out, add: provider = konnect
import {
  to = konnect_realm.partners
  id = "0c3d4bbd-a7d9-4d98-af0f-6fc2b737bd6d"
}

# From Terraform 1.12 on, the identity says the same in place of the id:
#   identity = {
#     id = "0c3d4bbd-a7d9-4d98-af0f-6fc2b737bd6d"
#   }
