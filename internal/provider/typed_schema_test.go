package provider

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
)

// newer are fields that the gateway has and the published resources do not:
// most came with gateway versions 3.13 to 3.15. By plugin; what is below them
// is as new.
var newer = map[string][]string{
	"ai_llm_as_judge":         {"config.llm.metadata", "config.llm.model.options.cache_read_cost", "config.llm.model.options.cache_write_cost", "config.llm.model.options.cache_write_cost_list", "config.llm.model.options.context_window_factor", "config.llm.model.options.service_tier_factor"},
	"ai_proxy":                {"config.model.options.cache_read_cost", "config.model.options.cache_write_cost", "config.model.options.cache_write_cost_list", "config.model.options.context_window_factor", "config.model.options.service_tier_factor"},
	"ai_proxy_advanced":       {"config.targets.metadata", "config.targets.model.options.cache_read_cost", "config.targets.model.options.cache_write_cost", "config.targets.model.options.cache_write_cost_list", "config.targets.model.options.context_window_factor", "config.targets.model.options.service_tier_factor"},
	"ai_request_transformer":  {"config.llm.metadata", "config.llm.model.options.cache_read_cost", "config.llm.model.options.cache_write_cost", "config.llm.model.options.cache_write_cost_list", "config.llm.model.options.context_window_factor", "config.llm.model.options.service_tier_factor"},
	"ai_response_transformer": {"config.llm.metadata", "config.llm.model.options.cache_read_cost", "config.llm.model.options.cache_write_cost", "config.llm.model.options.cache_write_cost_list", "config.llm.model.options.context_window_factor", "config.llm.model.options.service_tier_factor"},
	"aws_lambda":              {"config.preserve_lambda_api_error_code"},
	"basic_auth":              {"config.principals"},
	"confluent":               {"config.error_handling", "config.headers", "config.oauthbearer"},
	"confluent_consume":       {"config.consumer_group", "config.error_handling", "config.oauthbearer"},
	"datakit":                 {"config.nodes.property.non_nil"},
	"forward_proxy":           {"config.ca_certificates"},
	"http_log":                {"config.client_certificate"},
	"kafka_consume":           {"config.authentication.oauthbearer", "config.consumer_group", "config.error_handling"},
	"kafka_log":               {"config.authentication.oauthbearer"},
	"kafka_upstream":          {"config.authentication.oauthbearer", "config.error_handling", "config.headers"},
	"key_auth":                {"config.principals"},
	"oas_validation":          {"config.max_structured_errors", "config.structured_errors"},
	"openid_connect":          {"config.bearer_token_header_name", "config.cluster_cache_items", "config.principals", "config.proof_of_possession_mtls_from_header", "config.token_exchange.subject_token_issuers.jwks_uri", "config.token_exchange.subject_token_issuers.verify_signature"},
	"rate_limiting_advanced":  {"config.counter_key"},
	"request_validator":       {"config.array_length_compat"},
	"solace_consume":          {"config.session.authentication.client_credentials"},
	"solace_log":              {"config.session.authentication.client_credentials"},
	"solace_upstream":         {"config.session.authentication.client_credentials"},
}

// madeByServer are optional in the published provider, although the server
// makes a value when none is given. Here they are computed as well: otherwise
// a plan would have to call that value null.
var madeByServer = map[string]bool{
	"konnect_gateway_plugin_confluent_consume.config.cluster_name":           true,
	"konnect_gateway_plugin_graphql_rate_limiting_advanced.config.namespace": true,
	"konnect_gateway_plugin_kafka_log.config.cluster_name":                   true,
	"konnect_gateway_plugin_rate_limiting_advanced.config.namespace":         true,
	"konnect_gateway_plugin_service_protection.config.namespace":             true,
	"konnect_gateway_plugin_session.config.secret":                           true,
}

// notRequired are required in the published provider, and optional here: since
// gateway 3.15 there is oauthbearer in their place.
var notRequired = map[string]bool{
	"konnect_gateway_plugin_confluent.config.cluster_api_key":            true,
	"konnect_gateway_plugin_confluent.config.cluster_api_secret":         true,
	"konnect_gateway_plugin_confluent_consume.config.cluster_api_key":    true,
	"konnect_gateway_plugin_confluent_consume.config.cluster_api_secret": true,
}

// unpublished are plugins without a resource in the published provider.
var unpublished = []string{"ai_mcp", "key_auth_enc", "konnect_application_auth", "oauth2"}

// The resources for single plugins have the attributes of the published ones,
// but for what is listed above.
func TestTyped_published(t *testing.T) {
	t.Parallel()
	want := publishedFacts(t, "testdata/published_plugins.tsv.gz")
	if len(want) != 111 {
		t.Errorf("there are facts on %d resources", len(want))
	}
	got := map[string]map[string]string{}
	for name, r := range resource.All() {
		if r.Plugin != "" {
			got[name] = map[string]string{}
			collect(name, r.Schema().Block.Attributes, got[name])
			delete(got[name], name+".tags_all") // for the default tags of the provider
		}
	}
	for _, plugin := range unpublished {
		if len(got[attribute.TypedResource(plugin)]) == 0 {
			t.Errorf("there is no resource for %s", plugin)
		}
		delete(got, attribute.TypedResource(plugin))
	}
	for plugin, paths := range newer {
		name := attribute.TypedResource(plugin)
		for _, path := range paths {
			before := len(got[name])
			maps.DeleteFunc(got[name], func(at, _ string) bool { return isAt(at, name+"."+path) })
			if len(got[name]) == before {
				t.Errorf("%s.%s is listed as an addition and is none", name, path)
			}
		}
	}
	depart := func(paths map[string]bool, ours, theirs string) {
		for path := range paths {
			name, _, _ := strings.Cut(path, ".")
			typ, mode, _ := strings.Cut(got[name][path], "\t")
			if mode != ours {
				t.Errorf("%s is %q, listed is %q", path, mode, ours)
			}
			got[name][path] = typ + "\t" + theirs
		}
	}
	depart(madeByServer, "optional computed", "optional")
	depart(notRequired, "optional", "required")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("attributes differ from the published ones (-published +ours):\n%s", diff)
	}
}

func TestTyped_sensitive(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]bool{
		"openid_connect config.client_secret":                        true, // encrypted
		"ai_mcp_proxy config.server.session.client.secrets":          true, // its elements are
		"rate_limiting config.redis.password":                        true,
		"jwt_signer config.access_token_introspection_authorization": true, // no schema calls it encrypted
		"datakit config.nodes.call.inputs.proxy_auth_password":       true,
		"datakit config.nodes.call.inputs.headers":                   false, // names another node's output
		"datakit config.resources.vault":                             false, // references
		"openid_connect config.token_headers_values":                 true,
		"openid_connect config.token_headers_names":                  false,
		"http_log config.headers":                                    true,
		"opentelemetry config.headers":                               true,
		"opentelemetry config.header_type":                           false,
		"key_auth config.key_names":                                  false,
		"cors config.headers":                                        false, // names
		"openid_connect config.client_id":                            true,
		"openid_connect config.token_headers_client":                 false, // speaks of one
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			plugin, steps, _ := strings.Cut(path, " ")
			a := resource.All()[attribute.TypedResource(plugin)].Root()
			for _, name := range strings.Split(steps, ".") {
				for a.Elem != nil {
					a = a.Elem
				}
				if a = a.Named(name); a == nil {
					t.Fatalf("there is no attribute %s", name)
				}
			}
			if a.Sensitive != want {
				t.Errorf("sensitive is %v", a.Sensitive)
			}
		})
	}
}
