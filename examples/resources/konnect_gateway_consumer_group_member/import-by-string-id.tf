# Without a resource block, for terraform plan -generate-config-out, add: provider = konnect
import {
  to = konnect_gateway_consumer_group_member.alice_gold
  id = jsonencode({
    control_plane_id  = "9524ec7d-36d9-465d-a8c5-83a3c9390458"
    consumer_group_id = "5f2a7c1e-8b0d-4c6f-9a3e-2d1b7e4f6a90"
    consumer_id       = "8a388226-80e8-4027-a486-25e4f7db5d21"
  })
}

# From Terraform 1.12 on, the identity says the same in place of the id:
#   identity = {
#     control_plane_id = "9524ec7d-36d9-465d-a8c5-83a3c9390458"
#     consumer_group_id = "5f2a7c1e-8b0d-4c6f-9a3e-2d1b7e4f6a90"
#     consumer_id = "8a388226-80e8-4027-a486-25e4f7db5d21"
#   }
