resource "konnect_gateway_key_auth" "alice" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  consumer_id      = konnect_gateway_consumer.alice.id

  # Left out, the control plane makes a key.
  key = var.key_of_alice
}

variable "key_of_alice" {
  type      = string
  sensitive = true
}
