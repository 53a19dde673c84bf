# Without a resource block, for terraform plan -generate-config-out, add: provider = konnect
import {
  to = konnect_gateway_plugin_xml_threat_protection.orders
  id = jsonencode({
    id               = "0c3d4bbd-a7d9-4d98-af0f-6fc2b737bd6d"
    control_plane_id = "9524ec7d-36d9-465d-a8c5-83a3c9390458"
  })
}

# From Terraform 1.12 on, the identity says the same in place of the id:
#   identity = {
#     id = "0c3d4bbd-a7d9-4d98-af0f-6fc2b737bd6d"
#     control_plane_id = "9524ec7d-36d9-465d-a8c5-83a3c9390458"
#   }
