resource "konnect_centralized_consumer" "alice" {
  realm_id        = konnect_realm.partners.id
  username        = "alice"
  consumer_groups = ["gold"]
}

resource "konnect_realm" "partners" {
  name                     = "partners"
  allow_all_control_planes = true
}
