package plugins

import "strings"

// unjudged are checks that Kong keeps in code and whose rules are not known
// here, by the fields they look at and the places where they stand. They are
// left out: Kong may refuse what passes here.
var unjudged = map[string][]string{
	"custom_entity_check(authentication)": {
		"kafka-log:config",
		"kafka-upstream:config",
	},
	"custom_entity_check(authentication,topics,enable_dlq,dlq_topic)": {
		"kafka-consume:config",
	},
	"custom_entity_check(cluster_nodes,connection_is_proxied)": {
		"ai-proxy-advanced:config.vectordb.redis",
		"ai-rag-injector:config.vectordb.redis",
		"ai-rate-limiting-advanced:config.redis",
		"ai-semantic-cache:config.vectordb.redis",
		"ai-semantic-prompt-guard:config.vectordb.redis",
		"ai-semantic-response-guard:config.vectordb.redis",
		"datakit:config.resources.cache.redis",
		"graphql-proxy-cache-advanced:config.redis",
		"graphql-rate-limiting-advanced:config.redis",
		"konnect-application-auth:config.v2_strategies.openid_connect.elements.config.redis",
		"konnect-application-auth:config.v2_strategies.openid_connect.elements.config.cluster_cache_redis",
		"openid-connect:config.redis",
		"openid-connect:config.cluster_cache_redis",
		"proxy-cache-advanced:config.redis",
		"rate-limiting-advanced:config.redis",
		"request-callout:config.cache.redis",
		"saml:config.redis",
		"service-protection:config.redis",
		"upstream-oauth:config.cache.redis",
	},
	"custom_entity_check(config)": {
		"ai-prompt-compressor",
		"ai-rate-limiting-advanced",
		"ai-sanitizer",
		"confluent-consume",
		"confluent",
		"datakit",
		"graphql-rate-limiting-advanced",
		"kafka-consume",
		"kafka-log",
		"kafka-upstream",
		"ldap-auth-advanced",
		"openid-connect",
		"proxy-cache-advanced",
		"request-validator",
		"saml",
		"service-protection",
		"upstream-oauth",
	},
	"custom_entity_check(config.access_token_signing,config.channel_token_signing,config.access_token_upstream_header,config.channel_token_upstream_header,config.original_access_token_upstream_header,config.original_channel_token_upstream_header)": {
		"jwt-signer",
	},
	"custom_entity_check(config.algorithms)": {
		"hmac-auth",
	},
	"custom_entity_check(config.genai_category,config.targets)": {
		"ai-proxy-advanced",
	},
	"custom_entity_check(config.inject_template)": {
		"ai-rag-injector",
	},
	"custom_entity_check(config.max_body_size,config.max_container_depth)": {
		"json-threat-protection",
	},
	"custom_entity_check(config.model_name_header,config.targets)": {
		"ai-proxy-advanced",
	},
	"custom_entity_check(config.targets,config.balancer)": {
		"ai-proxy-advanced",
	},
	"custom_entity_check(config.targets,config.llm_format)": {
		"ai-proxy-advanced",
	},
	"custom_entity_check(database,connection_is_proxied)": {
		"ai-proxy-advanced:config.vectordb.redis",
		"ai-rag-injector:config.vectordb.redis",
		"ai-rate-limiting-advanced:config.redis",
		"ai-semantic-cache:config.vectordb.redis",
		"ai-semantic-prompt-guard:config.vectordb.redis",
		"ai-semantic-response-guard:config.vectordb.redis",
		"datakit:config.resources.cache.redis",
		"graphql-proxy-cache-advanced:config.redis",
		"graphql-rate-limiting-advanced:config.redis",
		"konnect-application-auth:config.v2_strategies.openid_connect.elements.config.redis",
		"konnect-application-auth:config.v2_strategies.openid_connect.elements.config.cluster_cache_redis",
		"openid-connect:config.redis",
		"openid-connect:config.cluster_cache_redis",
		"proxy-cache-advanced:config.redis",
		"rate-limiting-advanced:config.redis",
		"request-callout:config.cache.redis",
		"saml:config.redis",
		"service-protection:config.redis",
		"upstream-oauth:config.cache.redis",
	},
	"custom_entity_check(endpoint_id,api_endpoint,project_id,location_id)": {
		"ai-llm-as-judge:config.llm.model.options.gemini",
		"ai-proxy-advanced:config.targets.elements.model.options.gemini",
		"ai-proxy:config.model.options.gemini",
		"ai-request-transformer:config.llm.model.options.gemini",
		"ai-response-transformer:config.llm.model.options.gemini",
	},
	"custom_entity_check(forward_method,forward_uri,forward_headers,forward_body)": {
		"confluent:config",
		"kafka-upstream:config",
	},
	"custom_entity_check(logging)": {
		"ai-mcp-proxy:config.logging",
		"ai-mcp:config.logging",
	},
	"custom_entity_check(mode,basic,oauth2)": {
		"confluent-consume:config.topics.elements.schema_registry.confluent.authentication",
		"confluent-consume:config.schema_registry.confluent.authentication",
		"confluent:config.schema_registry.confluent.authentication",
		"kafka-consume:config.topics.elements.schema_registry.confluent.authentication",
		"kafka-consume:config.schema_registry.confluent.authentication",
		"kafka-log:config.schema_registry.confluent.authentication",
		"kafka-upstream:config.schema_registry.confluent.authentication",
	},
	"custom_entity_check(route_type)": {
		"ai-llm-as-judge:config.llm",
		"ai-proxy-advanced:config.targets.elements",
		"ai-proxy:config",
		"ai-request-transformer:config.llm",
		"ai-response-transformer:config.llm",
	},
	"custom_entity_check(route_type,model)": {
		"ai-llm-as-judge:config.llm",
		"ai-proxy-advanced:config.targets.elements",
		"ai-proxy:config",
		"ai-request-transformer:config.llm",
		"ai-response-transformer:config.llm",
	},
	"custom_entity_check(sentinel_role,connection_is_proxied)": {
		"ai-proxy-advanced:config.vectordb.redis",
		"ai-rag-injector:config.vectordb.redis",
		"ai-rate-limiting-advanced:config.redis",
		"ai-semantic-cache:config.vectordb.redis",
		"ai-semantic-prompt-guard:config.vectordb.redis",
		"ai-semantic-response-guard:config.vectordb.redis",
		"datakit:config.resources.cache.redis",
		"graphql-proxy-cache-advanced:config.redis",
		"graphql-rate-limiting-advanced:config.redis",
		"konnect-application-auth:config.v2_strategies.openid_connect.elements.config.redis",
		"konnect-application-auth:config.v2_strategies.openid_connect.elements.config.cluster_cache_redis",
		"openid-connect:config.redis",
		"openid-connect:config.cluster_cache_redis",
		"proxy-cache-advanced:config.redis",
		"rate-limiting-advanced:config.redis",
		"request-callout:config.cache.redis",
		"saml:config.redis",
		"service-protection:config.redis",
		"upstream-oauth:config.cache.redis",
	},
	"custom_entity_check(style,in)": {
		"request-validator:config.parameter_schema.elements",
	},
	"custom_entity_check(topics,enable_dlq,dlq_topic)": {
		"confluent-consume:config",
	},
	"custom_entity_check(type,schema)": {
		"websocket-validator:config.client.text",
		"websocket-validator:config.client.binary",
		"websocket-validator:config.upstream.text",
		"websocket-validator:config.upstream.binary",
	},
}

// isUnjudged reports whether the name of a function is that of such a check.
func isUnjudged(name string) bool { return unjudgedNames[name] }

var unjudgedNames = func() map[string]bool {
	names := make(map[string]bool)
	for check, places := range unjudged {
		for _, place := range places {
			separator := "."
			if !strings.Contains(place, ":") {
				separator = ":" // a check of the plugin itself
			}
			names[place+separator+check] = true
		}
	}
	return names
}()
