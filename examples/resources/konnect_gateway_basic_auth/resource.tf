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

# In a form that neither a plan nor a state holds; another version writes another password.
resource "konnect_gateway_basic_auth" "phone" {
  control_plane_id    = konnect_gateway_control_plane.shop.id
  consumer_id         = konnect_gateway_consumer.alice.id
  username            = "alice-phone"
  password_wo         = var.password_of_phone
  password_wo_version = 1
}

variable "password_of_phone" {
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
