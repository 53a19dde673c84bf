terraform import konnect_centralized_consumer.alice '{"id":"0c3d4bbd-a7d9-4d98-af0f-6fc2b737bd6d","realm_id":"5f2a7c1e-8b0d-4c6f-9a3e-2d1b7e4f6a90"}'
