package resource

import "github.com/openkonnect/terraform-provider-konnect/internal/plugins/meaning"

// groups are the resource types that people look for together. Those for one
// plugin are in the group of their plugin.
var groups = map[string][]string{
	"Control planes":        {"konnect_gateway_control_plane", "konnect_gateway_control_plane_membership", "konnect_gateway_data_plane_client_certificate"},
	"Services and routes":   {"konnect_gateway_service", "konnect_gateway_route", "konnect_gateway_route_expression", "konnect_gateway_upstream", "konnect_gateway_target"},
	"Consumers and realms":  {"konnect_gateway_consumer", "konnect_gateway_consumer_group", "konnect_gateway_consumer_group_member", "konnect_realm", "konnect_centralized_consumer", "konnect_centralized_consumer_key"},
	"Credentials":           {"konnect_gateway_acl", "konnect_gateway_basic_auth", "konnect_gateway_hmac_auth", "konnect_gateway_jwt", "konnect_gateway_key_auth", "konnect_gateway_mtls_auth"},
	"Certificates and keys": {"konnect_gateway_ca_certificate", "konnect_gateway_certificate", "konnect_gateway_sni", "konnect_gateway_key", "konnect_gateway_key_set"},
	"Vaults":                {"konnect_gateway_vault", "konnect_gateway_config_store", "konnect_gateway_config_store_secret"},
	"Plugins": {
		"konnect_gateway_plugin", "konnect_gateway_custom_plugin", "konnect_gateway_custom_plugin_schema", "konnect_gateway_custom_plugin_streaming",
		"konnect_gateway_cloned_plugin", "konnect_gateway_partial",
	},
}

// groupOf is the group of each type that is not for one plugin.
var groupOf = func() map[string]string {
	out := map[string]string{}
	for group, names := range groups {
		for _, name := range names {
			out[name] = group
		}
	}
	return out
}()

// Group is the heading under which the documentation has the resource.
func (r *Resource) Group() string {
	if r.Plugin != "" {
		return "Plugins: " + meaning.Of(r.Plugin).Group
	}
	return groupOf[r.Name]
}
