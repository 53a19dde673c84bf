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

# In a form that neither a plan nor a state holds; another version writes another key.
resource "konnect_gateway_key_auth" "phone" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  consumer_id      = konnect_gateway_consumer.alice.id
  key_wo           = var.key_of_phone
  key_wo_version   = 1
}

variable "key_of_phone" {
  type      = string
  ephemeral = true
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}

resource "konnect_gateway_consumer" "alice" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  username         = "alice"
}
