terraform import konnect_gateway_plugin_mocking.orders '{"id":"0c3d4bbd-a7d9-4d98-af0f-6fc2b737bd6d","control_plane_id":"9524ec7d-36d9-465d-a8c5-83a3c9390458"}'

# By name, from the control plane down; any part may be an ID, and a / within a name is %2F:
terraform import konnect_gateway_plugin_mocking.orders shop/mocking
