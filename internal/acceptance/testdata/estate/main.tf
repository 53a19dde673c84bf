# Two of every kind, so that whoever looks for one can find the wrong one.

locals {
  two   = toset(["first", "second"])
  certs = { first = file("rsa.crt"), second = file("ec.crt") }
  keys  = { first = file("rsa.key"), second = file("ec.key") }
  plane = konnect_gateway_control_plane.all["first"].id
}

resource "konnect_gateway_control_plane" "all" {
  for_each    = local.two
  name        = "${each.key}-plane"
  description = "The ${each.key} one."
  labels      = { which = each.key, of = "estate" }
}

resource "konnect_gateway_service" "all" {
  for_each         = local.two
  control_plane_id = local.plane
  name             = "${each.key}-service"
  host             = "${each.key}.example"
  tags             = [each.key, "estate"]
}

resource "konnect_gateway_route" "all" {
  for_each         = local.two
  control_plane_id = local.plane
  name             = "${each.key}-route"
  paths            = ["/${each.key}"]
  service          = { id = konnect_gateway_service.all[each.key].id }
  tags             = [each.key, "estate"]
}

resource "konnect_gateway_route_expression" "all" {
  for_each         = local.two
  control_plane_id = local.plane
  name             = "${each.key}-expression"
  expression       = "http.path == \"/${each.key}\""
  tags             = [each.key, "estate"]
}

resource "konnect_gateway_consumer" "all" {
  for_each         = local.two
  control_plane_id = local.plane
  username         = "${each.key}-consumer"
  custom_id        = "${each.key}-custom"
  tags             = [each.key, "estate"]
}

resource "konnect_gateway_consumer_group" "all" {
  for_each         = local.two
  control_plane_id = local.plane
  name             = "${each.key}-group"
  tags             = [each.key, "estate"]
}

resource "konnect_gateway_plugin" "all" {
  for_each         = local.two
  control_plane_id = local.plane
  name             = each.key == "first" ? "cors" : "rate-limiting"
  instance_name    = "${each.key}-plugin"
  config           = each.key == "first" ? jsonencode({}) : jsonencode({ minute = 5 })
  service          = { id = konnect_gateway_service.all[each.key].id }
  tags             = [each.key, "estate"]
}

resource "konnect_gateway_custom_plugin_schema" "all" {
  for_each         = local.two
  control_plane_id = local.plane
  lua_schema       = "return { name = \"${each.key}-schema\", fields = { { config = { type = \"record\", fields = {} } } } }"
}

resource "konnect_gateway_custom_plugin_streaming" "all" {
  for_each         = local.two
  control_plane_id = local.plane
  name             = "${each.key}-streamed"
  schema           = "return { name = \"${each.key}-streamed\", fields = { { config = { type = \"record\", fields = {} } } } }"
  handler          = "return { PRIORITY = 5, VERSION = \"1\" }"
  tags             = [each.key, "estate"]
}

resource "konnect_gateway_cloned_plugin" "all" {
  for_each         = local.two
  control_plane_id = local.plane
  name             = "${each.key}-clone"
  ref              = "acl"
  tags             = [each.key, "estate"]
}

resource "konnect_gateway_partial" "all" {
  for_each         = local.two
  control_plane_id = local.plane
  redis_ce         = { name = "${each.key}-partial", config = { host = "${each.key}.example" }, tags = [each.key, "estate"] }
}

resource "konnect_gateway_upstream" "all" {
  for_each         = local.two
  control_plane_id = local.plane
  name             = "${each.key}-upstream"
  tags             = [each.key, "estate"]
}

resource "konnect_gateway_target" "all" {
  for_each         = local.two
  control_plane_id = local.plane
  upstream_id      = konnect_gateway_upstream.all["first"].id
  target           = "${each.key}.example:80"
  tags             = [each.key, "estate"]
}

resource "konnect_gateway_ca_certificate" "all" {
  for_each         = local.two
  control_plane_id = local.plane
  cert             = each.key == "first" ? file("ca.crt") : file("other_ca.crt")
  tags             = [each.key, "estate"]
}

resource "konnect_gateway_certificate" "all" {
  for_each         = local.two
  control_plane_id = local.plane
  cert             = local.certs[each.key]
  key              = local.keys[each.key]
  tags             = [each.key, "estate"]
}

resource "konnect_gateway_sni" "all" {
  for_each         = local.two
  control_plane_id = local.plane
  name             = "${each.key}-sni.example"
  certificate      = { id = konnect_gateway_certificate.all[each.key].id }
  tags             = [each.key, "estate"]
}

resource "konnect_gateway_data_plane_client_certificate" "all" {
  for_each         = local.two
  control_plane_id = local.plane
  cert             = local.certs[each.key]
  title            = "${each.key}-nodes"
}

resource "konnect_gateway_key_set" "all" {
  for_each         = local.two
  control_plane_id = local.plane
  name             = "${each.key}-set"
  tags             = [each.key, "estate"]
}

resource "konnect_gateway_key" "all" {
  for_each         = local.two
  control_plane_id = local.plane
  name             = "${each.key}-key"
  kid              = "${each.key}-kid"
  set              = { id = konnect_gateway_key_set.all[each.key].id }
  pem              = { public_key = file("ec.pub") }
  tags             = [each.key, "estate"]
}

resource "konnect_gateway_config_store" "all" {
  for_each         = local.two
  control_plane_id = local.plane
  name             = "${each.key}-store"
}

resource "konnect_gateway_config_store_secret" "all" {
  for_each         = local.two
  control_plane_id = local.plane
  config_store_id  = konnect_gateway_config_store.all["first"].id
  key              = "${each.key}-token"
  value            = "hush-hush"
}

resource "konnect_gateway_vault" "all" {
  for_each         = local.two
  control_plane_id = local.plane
  name             = "env"
  prefix           = "${each.key}-vault"
  config           = jsonencode({ prefix = "${upper(each.key)}_" })
  tags             = [each.key, "estate"]
}

resource "konnect_gateway_acl" "all" {
  for_each         = local.two
  control_plane_id = local.plane
  consumer_id      = konnect_gateway_consumer.all["first"].id
  group            = "${each.key}-acl"
  tags             = [each.key, "estate"]
}

resource "konnect_gateway_key_auth" "all" {
  for_each         = local.two
  control_plane_id = local.plane
  consumer_id      = konnect_gateway_consumer.all["first"].id
  key              = "${each.key}-key-auth"
  tags             = [each.key, "estate"]
}

resource "konnect_gateway_basic_auth" "all" {
  for_each         = local.two
  control_plane_id = local.plane
  consumer_id      = konnect_gateway_consumer.all["first"].id
  username         = "${each.key}-basic"
  password         = "hush-hush"
  tags             = [each.key, "estate"]
}

resource "konnect_gateway_hmac_auth" "all" {
  for_each         = local.two
  control_plane_id = local.plane
  consumer_id      = konnect_gateway_consumer.all["first"].id
  username         = "${each.key}-hmac"
  secret           = "hush-hush"
  tags             = [each.key, "estate"]
}

resource "konnect_gateway_jwt" "all" {
  for_each         = local.two
  control_plane_id = local.plane
  consumer_id      = konnect_gateway_consumer.all["first"].id
  key              = "${each.key}-issuer"
  secret           = "hush-hush"
  tags             = [each.key, "estate"]
}

resource "konnect_gateway_mtls_auth" "all" {
  for_each         = local.two
  control_plane_id = local.plane
  consumer_id      = konnect_gateway_consumer.all["first"].id
  subject_name     = "${each.key}@mtls.example"
  ca_certificate   = { id = konnect_gateway_ca_certificate.all["first"].id }
  tags             = [each.key, "estate"]
}

resource "konnect_realm" "all" {
  for_each               = local.two
  name                   = "${each.key}-realm"
  allowed_control_planes = [local.plane]
}

resource "konnect_centralized_consumer" "all" {
  for_each = local.two
  realm_id = konnect_realm.all["first"].id
  username = "${each.key}-everywhere"
  tags     = [each.key, "estate"]
}

resource "konnect_centralized_consumer_key" "all" {
  for_each    = local.two
  realm_id    = konnect_realm.all["first"].id
  consumer_id = konnect_centralized_consumer.all["first"].id
  tags        = [each.key, "estate"]
}

resource "konnect_gateway_control_plane" "group" {
  for_each     = local.two
  name         = "${each.key}-planes"
  cluster_type = "CLUSTER_TYPE_CONTROL_PLANE_GROUP"
}

resource "konnect_gateway_control_plane_membership" "all" {
  for_each = local.two
  id       = konnect_gateway_control_plane.group[each.key].id
  members  = each.key == "first" ? [{ id = konnect_gateway_control_plane.all["second"].id }] : []
}

resource "konnect_gateway_consumer_group_member" "all" {
  for_each          = local.two
  control_plane_id  = local.plane
  consumer_group_id = konnect_gateway_consumer_group.all["first"].id
  consumer_id       = konnect_gateway_consumer.all[each.key].id
}
