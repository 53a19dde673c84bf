data "konnect_realm_list" "example" {
  name_contains = "orders"
}
