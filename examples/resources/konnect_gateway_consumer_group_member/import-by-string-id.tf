# Without a resource block, for terraform plan -generate-config-out, add: provider = konnect
import {
  to = konnect_gateway_consumer_group_member.alice_gold
  id = jsonencode({
    control_plane_id  = "9524ec7d-36d9-465d-a8c5-83a3c9390458"
    consumer_group_id = "8a388226-80e8-4027-a486-25e4f7db5d21"
    consumer_id       = "2f9fd312-a987-4628-b4c5-bb4f4fddd5f7"
  })
}
