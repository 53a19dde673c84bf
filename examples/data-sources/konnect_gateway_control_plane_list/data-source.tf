# Any number of control planes, the newest first.
data "konnect_gateway_control_plane_list" "production" {
  filter = {
    name = { contains = "shop" }
  }
  filter_labels = "env:production"
  sort          = "created_at desc"
}

output "ids" {
  value = data.konnect_gateway_control_plane_list.production.data[*].id
}
