resource "konnect_gateway_basic_auth" "alice" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  consumer_id      = konnect_gateway_consumer.alice.id

  username = "alice"
  password = var.password_of_alice
}

variable "password_of_alice" {
  type      = string
  sensitive = true
}
