data "konnect_centralized_consumer_list" "example" {
  realm_id      = var.realm_id
  name_contains = "orders"
  tags          = ["team-orders"]
}
