data "konnect_centralized_consumer" "example" {
  realm_id = var.realm_id
  username = "orders"
}
