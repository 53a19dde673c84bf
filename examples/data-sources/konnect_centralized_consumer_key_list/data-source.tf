data "konnect_centralized_consumer_key_list" "example" {
  realm_id    = var.realm_id
  consumer_id = var.consumer_id
  tags        = ["team-orders"]
}
