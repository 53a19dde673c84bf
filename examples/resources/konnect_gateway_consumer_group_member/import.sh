terraform import konnect_gateway_consumer_group_member.alice_gold '{"control_plane_id":"9524ec7d-36d9-465d-a8c5-83a3c9390458","consumer_group_id":"5f2a7c1e-8b0d-4c6f-9a3e-2d1b7e4f6a90","consumer_id":"8a388226-80e8-4027-a486-25e4f7db5d21"}'

# By name, from the control plane down; any part may be an ID, and a / within a name is %2F:
terraform import konnect_gateway_consumer_group_member.alice_gold shop/gold/alice
