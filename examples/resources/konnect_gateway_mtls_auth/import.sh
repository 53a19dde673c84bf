terraform import konnect_gateway_mtls_auth.alice '{"id":"0c3d4bbd-a7d9-4d98-af0f-6fc2b737bd6d","control_plane_id":"9524ec7d-36d9-465d-a8c5-83a3c9390458","consumer_id":"5f2a7c1e-8b0d-4c6f-9a3e-2d1b7e4f6a90"}'

# By name, from the control plane down; any part may be an ID, and a / within a name is %2F:
terraform import konnect_gateway_mtls_auth.alice shop/alice/alice@example.com
