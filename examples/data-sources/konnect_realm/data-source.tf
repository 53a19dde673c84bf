data "konnect_realm" "example" {
  name = "orders"
}
