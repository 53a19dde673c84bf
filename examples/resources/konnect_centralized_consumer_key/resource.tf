# Konnect makes the secret of this key.
resource "konnect_centralized_consumer_key" "alice" {
  realm_id    = konnect_realm.partners.id
  consumer_id = konnect_centralized_consumer.alice.id
}

# This one keeps the secret that it has elsewhere.
resource "konnect_centralized_consumer_key" "former" {
  realm_id    = konnect_realm.partners.id
  consumer_id = konnect_centralized_consumer.alice.id
  type        = "legacy"
  secret      = var.former_key
}

variable "former_key" {
  type      = string
  sensitive = true
}

resource "konnect_realm" "partners" {
  name                     = "partners"
  allow_all_control_planes = true
}

resource "konnect_centralized_consumer" "alice" {
  realm_id = konnect_realm.partners.id
  username = "alice"
}
