package resource

import (
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// shapes are the published attributes of resources for one plugin that no rule
// gives, by plugin and path.
var shapes = map[string]map[string]attribute.Fact{
	"acme": {
		"config.storage_config.kong": {Mode: attribute.Optional, Form: attribute.FormMap},
	},
	"ai-llm-as-judge": modes(both, "config.llm", "config.llm.route_type", "config.llm.model", "config.llm.model.provider"),
	"ai-mcp-proxy": {
		"config.tools.parameters.description": {Mode: both},
		"config.tools.parameters.in":          {Mode: both},
		"config.tools.parameters.name":        {Mode: both},
		"config.tools.parameters.required":    {Mode: both},
		"config.tools.parameters.schema.type": {Mode: both},
		"config.tools.parameters": {Mode: both, Instead: schema.Def{"type": "array", "elements": schema.Def{"type": "record", "fields": []any{
			textField("description"),
			textField("in"),
			textField("name"),
			map[string]any{"required": schema.Def{"type": "boolean"}},
			map[string]any{"schema": schema.Def{"type": "record", "required": false, "fields": []any{textField("type")}}},
		}}}},
	},
	"ai-prompt-compressor":          lists("config.message_type"),
	"ai-rag-injector":               modes(both, semantic...),
	"ai-rate-limiting-advanced":     modes(both, "config.policies.id"),
	"ai-request-transformer":        modes(both, "config.llm", "config.llm.route_type", "config.llm.model", "config.llm.model.provider"),
	"ai-response-transformer":       modes(both, "config.llm", "config.llm.route_type", "config.llm.model", "config.llm.model.provider"),
	"ai-semantic-cache":             modes(both, semantic...),
	"ai-semantic-prompt-guard":      modes(both, semantic...),
	"ai-semantic-response-guard":    modes(both, semantic...),
	"app-dynamics":                  {"config": {Mode: attribute.Optional, Form: attribute.FormMap}},
	"confluent":                     modes(both, registry...),
	"datakit":                       modes(attribute.Optional, nodeNames...),
	"datadog":                       modes(both, "config.metrics.tags", "config.metrics.sample_rate"),
	"file-log":                      modes(both, "config.custom_fields_by_lua"),
	"injection-protection":          lists("config.injection_types", "config.locations"),
	"jwt":                           lists("config.claims_to_verify", "config.cookie_names", "config.header_names", "config.uri_param_names"),
	"kafka-consume":                 modes(both, registry...),
	"kafka-upstream":                modes(both, registry...),
	"key-auth":                      modes(both, "config.identity_realms.id"),
	"loggly":                        lists("config.tags"),
	"oauth2-introspection":          lists("config.custom_claims_forward"),
	"opentelemetry":                 together(modes(both, "config.resource_attributes", "config.propagation.default_format"), oldNames("access_logs_endpoint")),
	"request-transformer-advanced":  lists("config.allow.body"),
	"request-validator":             lists("config.allowed_content_types"),
	"response-ratelimiting":         together(modes(both, "config"), modes(attribute.Optional, "config.limits")),
	"response-transformer-advanced": lists("config.allow.json"),
	"route-by-header":               modes(attribute.Optional, "config.rules.condition"),
	"saml":                          lists("config.session_request_headers", "config.session_response_headers"),
	"session":                       lists("config.bind", "config.logout_methods", "config.request_headers", "config.response_headers"),
	"statsd":                        modes(both, "config.metrics.sample_rate", "config.queue.max_bytes"),
	"statsd-advanced":               modes(attribute.Optional, "config.metrics"),
	"upstream-oauth":                modes(both, "config.oauth.token_headers", "config.oauth.token_post_args"),
	"vault-auth":                    modes(both, "config", "config.vault", "config.vault.id"),
	"xml-threat-protection":         lists("config.allowed_content_types", "config.checked_content_types"),
	"zipkin":                        modes(both, "config.propagation.default_format"),
	"openid-connect": together(
		lists("config.extra_jwks_uris", "config.session_bind", "config.session_request_headers", "config.session_response_headers"),
		together(modes(both, "config.session_memcached_ssl"), oldNames("consumer_claim")),
	),
}

const both = attribute.Optional | attribute.Computed

// semantic are the places of an embeddings model and of a vector database.
var semantic = []string{
	"config.embeddings", "config.embeddings.model", "config.embeddings.model.provider", "config.embeddings.model.name",
	"config.vectordb", "config.vectordb.strategy", "config.vectordb.dimensions", "config.vectordb.distance_metric",
}

// registry are the credentials of a schema registry.
var registry = []string{
	"config.schema_registry.confluent.authentication.basic.username", "config.schema_registry.confluent.authentication.basic.password",
	"config.schema_registry.confluent.authentication.oauth2.token_endpoint",
}

// nodeNames are the names of datakit's nodes, which have one only where others
// refer to them.
var nodeNames = []string{
	"config.nodes.branch.name", "config.nodes.cache.name", "config.nodes.call.name", "config.nodes.exit.name",
	"config.nodes.jq.name", "config.nodes.json_to_xml.name", "config.nodes.jwt_decode.name", "config.nodes.jwt_sign.name",
	"config.nodes.jwt_verify.name", "config.nodes.property.name", "config.nodes.static.name", "config.nodes.xml_to_json.name",
}

func modes(m attribute.Mode, paths ...string) map[string]attribute.Fact {
	out := make(map[string]attribute.Fact, len(paths))
	for _, p := range paths {
		out[p] = attribute.Fact{Mode: m}
	}
	return out
}

// lists are sets that are published as lists; their order is still without
// meaning.
func lists(paths ...string) map[string]attribute.Fact {
	out := make(map[string]attribute.Fact, len(paths))
	for _, p := range paths {
		out[p] = attribute.Fact{Form: attribute.FormList}
	}
	return out
}

// oldNames are old names of fields of config that are attributes, too.
func oldNames(names ...string) map[string]attribute.Fact {
	return map[string]attribute.Fact{"config": {Old: names}}
}

func textField(name string) map[string]any {
	return map[string]any{name: schema.Def{"type": "string"}}
}

func together(one, two map[string]attribute.Fact) map[string]attribute.Fact {
	for p, f := range two {
		one[p] = f
	}
	return one
}
