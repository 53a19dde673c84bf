data "konnect_centralized_consumer_key" "example" {
  realm_id    = var.realm_id
  consumer_id = var.consumer_id
  id          = "9524ec7d-36d9-465d-a8c5-83a3c9390458"
}
