package acceptance

import (
	"encoding/json"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
)

const oidc = `config = { issuer = "https://a.example", client_id = ["a"], `

// backwards turns a list in what the control plane says.
func backwards(doc map[string]any, field string) {
	if list, ok := doc[field].([]any); ok {
		slices.Reverse(list)
	}
}

// configOf is the configuration in what the control plane says.
func configOf(doc map[string]any) map[string]any {
	config, _ := doc["config"].(map[string]any)
	return config
}

// linkedNames are what a control plane adds to links to partials.
func linkedNames(doc map[string]any) {
	links, _ := doc["partials"].([]any)
	for _, l := range links {
		if link, ok := l.(map[string]any); ok {
			link["name"], link["path"] = "a partial", "config.redis"
		}
	}
}

var settledReports = reports{
	// Found only at apply.
	"V3 unknown limit": {
		plugin: "rate-limiting", before: `resource "terraform_data" "limit" { input = 5 }`, auto: []string{"config.minute"},
		body: `config = { minute = terraform_data.limit.output, policy = "local" }`,
	},
	"V6 device": {plugin: "file-log", body: `config = { path = "/dev/stdout" }`},

	// Perpetual diffs.
	"D1 left out":    {plugin: "openid-connect", body: oidc + `}`, stored: acctest.Object{"config": acctest.Object{"scopes": []any{"openid"}}}},
	"D1 none":        {plugin: "openid-connect", body: oidc + `scopes = [] }`, stored: acctest.Object{"config": acctest.Object{"scopes": []any{}}}},
	"D1 the default": {plugin: "openid-connect", body: oidc + `scopes = ["openid"] }`, stored: acctest.Object{"config": acctest.Object{"scopes": []any{"openid"}}}},
	"D3 without an object of defaults": {
		plugin: "rate-limiting", body: `config = { minute = 1000, policy = "local", limit_by = "service" }`,
		answer: func(doc map[string]any) { delete(configOf(doc), "redis") },
	},
	"D3 another host": {
		plugin: "rate-limiting", body: `config = { minute = 1000, policy = "redis", redis = { host = "a.example" } }`,
		tamper: acctest.Object{"redis": acctest.Object{"host": "b.example"}}, drift: []string{"config.redis.host"},
	},
	"D4 keys with dots": {
		plugin: "file-log", body: `config = { path = "/tmp/a", custom_fields_by_lua = { "request.headers.x-api-key" = "return '***'" } }
			protocols = ["https"]
			instance_name = "a"`,
		stored: acctest.Object{"config": acctest.Object{"custom_fields_by_lua": acctest.Object{"request.headers.x-api-key": "return '***'"}}},
	},
	"D6 nulls": {plugin: "kafka-upstream", body: `config = {
		topic = "t", bootstrap_servers = [{ host = "a.example", port = 9092 }], cluster_name = "c"
		authentication = null, security = null, schema_registry = null, topics_query_arg = null }`},
	"D7 new name": {
		plugin: "opentelemetry", body: `config = { access_logs = { endpoint = "https://a.example" } }`,
		answer: func(doc map[string]any) { configOf(doc)["access_logs_endpoint"] = "https://a.example" },
	},
	"D7 old name": {plugin: "opentelemetry", body: `config = { access_logs_endpoint = "https://a.example" }`},
	"D7 both said": {
		plugin: "opentelemetry", body: `config = { access_logs_endpoint = "https://a.example" }`,
		answer: func(doc map[string]any) { configOf(doc)["access_logs_endpoint"] = "https://a.example" },
	},
	"D8 datadog":         {plugin: "datadog", body: `config = {}`},
	"D8 datadog, one":    {plugin: "datadog", body: `config = { metrics = [{ name = "latency", stat_type = "timer" }] }`},
	"D8 datadog, none":   {plugin: "datadog", body: `config = { metrics = [] }`, stored: acctest.Object{"config": acctest.Object{"metrics": []any{}}}},
	"D8 statsd":          {plugin: "statsd", body: `config = {}`},
	"D8 statsd, one":     {plugin: "statsd", body: `config = { metrics = [{ name = "request_count", stat_type = "counter", sample_rate = 1 }] }`},
	"D8 statsd, none":    {plugin: "statsd", body: `config = { metrics = [] }`},
	"D8 confluent queue": {plugin: "confluent", body: `config = { topic = "t", bootstrap_servers = [{ host = "a.example", port = 9092 }], cluster_api_key = "k", cluster_api_secret = "s" }`},
	"D9 fractions": {
		plugin: "http-log", body: `config = { http_endpoint = "https://a.example", queue = { initial_retry_delay = 0.01, max_retry_delay = 1e3, max_coalescing_delay = 1.0 } }`,
		answer: func(doc map[string]any) {
			queue, _ := configOf(doc)["queue"].(map[string]any)
			queue["initial_retry_delay"], queue["max_retry_delay"] = json.Number("0.0100"), json.Number("1000.0")
		},
	},
	"D9 minus one": {plugin: "rate-limiting", body: `config = { minute = 5, policy = "local", sync_rate = -1 }`},
	"D10 order of sets": {
		plugin: "jwt", body: `config = { uri_param_names = ["b", "a"], claims_to_verify = ["nbf", "exp"] }
			protocols = ["https", "http"]
			tags = ["b", "a"]`,
		answer: func(doc map[string]any) {
			backwards(doc, "protocols")
			backwards(doc, "tags")
			backwards(configOf(doc), "uri_param_names")
			backwards(configOf(doc), "claims_to_verify")
		},
	},
	"D10 order of lists": {
		plugin: "rate-limiting-advanced", body: `config = { limit = [5, 6], window_size = [60, 120], strategy = "local", namespace = "n" }`,
		tamper: acctest.Object{"limit": []any{6, 5}, "window_size": []any{120, 60}}, drift: []string{"config.limit", "config.window_size"},
	},
	"D10 order of code": {
		plugin: "pre-function", body: `config = { access = ["return 1", "return 2"] }`,
		tamper: acctest.Object{"access": []any{"return 2", "return 1"}}, drift: []string{"config.access"},
	},
	"D11 retired fields": {
		plugin: "statsd", custom: true, body: `config = { host = "a.example", port = 8125, queue_size = null, retry_count = null, udp_packet_size = null }`,
		next: `config = { host = "a.example", port = 8126, queue_size = null, retry_count = null, udp_packet_size = null }`, change: []string{"config.port"},
	},
	"D12 defaults are sent": {
		plugin: "rate-limiting", body: `config = { minute = 5, policy = "local" }`,
		next: `config = { minute = 6, policy = "local" }`, change: []string{"config.minute"},
		stored: acctest.Object{"config": acctest.Object{"limit_by": "consumer", "fault_tolerant": true}},
	},
	"D13 allow": {plugin: "ip-restriction", body: `config = { allow = ["10.0.0.0/8"] }`},
	"D13 deny":  {plugin: "ip-restriction", body: `config = { deny = ["10.0.0.0/8"] }`},
	"D14 one leaf": {
		plugin: "openid-connect", body: oidc + `redis = { host = "a.example" } }`,
		next: oidc + `redis = { host = "b.example" } }`, change: []string{"config.redis.host"},
	},
	"D16 order and defaults": {
		plugin: "openid-connect", body: oidc + `session_request_headers = ["id", "audience"] }`,
		answer: func(doc map[string]any) {
			backwards(configOf(doc), "session_request_headers")
			backwards(doc, "protocols")
		},
	},

	// Defaults and nulls.
	"N1 a field to come": {
		plugin: "rate-limiting", body: `config = { minute = 5, policy = "local" }`,
		answer: func(doc map[string]any) { configOf(doc)["to_come"] = "a default" },
	},
	"N2 empty lists": {
		plugin: "openid-connect", body: oidc + `login_tokens = [] }`, next: oidc + `}`, change: []string{"config.login_tokens"},
		stored: acctest.Object{"config": acctest.Object{"login_tokens": []any{"id_token"}}},
	},
	"N2 empty lists below": {
		plugin: "upstream-oauth", body: `config = { oauth = { token_endpoint = "https://a.example/token", grant_type = "client_credentials", scopes = [] } }`,
		stored: acctest.Object{"config": acctest.Object{"oauth": acctest.Object{"scopes": []any{}}}},
	},
	"N3 custom null":  {plugin: "request-callout", body: callout(`null`)},
	"N3 custom empty": {plugin: "request-callout", body: callout(`{}`)},
	"N3 custom map, then null": {
		plugin: "request-callout", body: callout(`{ a = "b" }`), next: callout(`null`), change: []string{"config.callouts"},
		stored: acctest.Object{"config": acctest.Object{"callouts": []any{acctest.Object{"request": acctest.Object{"headers": acctest.Object{"custom": nil}}}}}},
	},
	"N4 service":  {plugin: "rate-limiting", body: limit + "\nservice = { id = \"{service}\" }", next: limit, change: []string{"service"}, stored: acctest.Object{"service": nil}},
	"N4 route":    {plugin: "rate-limiting", body: limit + "\nroute = { id = \"{route}\" }", next: limit, change: []string{"route"}, stored: acctest.Object{"route": nil}},
	"N4 consumer": {plugin: "rate-limiting", body: limit + "\nconsumer = { id = \"{consumer}\" }", next: limit, change: []string{"consumer"}, stored: acctest.Object{"consumer": nil}},
	"N4 group":    {plugin: "rate-limiting", body: limit + "\nconsumer_group = { id = \"{group}\" }", next: limit, change: []string{"consumer_group"}, stored: acctest.Object{"consumer_group": nil}},
	"N6 namespace": {
		plugin: "rate-limiting-advanced", body: `config = { limit = [5], window_size = [60], strategy = "local" }`,
		next: `config = { limit = [6], window_size = [60], strategy = "local" }`, change: []string{"config.limit"},
	},
	"N7 nothing but a name": {plugin: "key-auth", custom: true, body: `config = {}`},

	// Free-form and JSON values.
	"J3 text, then object": {
		plugin: "statsd", custom: true, body: `config = jsonencode({ host = "a.example", port = 8125 })`,
		next: `config = { host = "a.example", port = 8125 }`,
	},
	"J4 JSON": {
		plugin: "datakit", body: `config = { nodes = [{ static = { name = "A", values = jsonencode({ a = { b = [1, null, true] }, c = "d" }) } }] }`,
		next:   `config = { nodes = [{ static = { name = "A", values = "{ \"c\": \"d\", \"a\": { \"b\": [1, null, true] } }" } }] }`,
		stored: acctest.Object{"config": acctest.Object{"nodes": []any{acctest.Object{"values": acctest.Object{"a": acctest.Object{"b": []any{json.Number("1"), nil, true}}}}}}},
	},
	"J5 limits":  {plugin: "response-ratelimiting", body: `config = { policy = "local", limits = { video = { minute = 10 } } }`},
	"J6 headers": {plugin: "ai-mcp-proxy", body: `config = { mode = "conversion-only", tools = [{ description = "d", method = "GET", path = "/a", headers = { X-A = ["1", "2"] } }] }`},
	"J8 propagation": {
		plugin: "opentelemetry", body: `config = { traces_endpoint = "https://a.example", propagation = { default_format = "b3", extract = ["b3"], inject = ["b3"] } }`,
		tamper: acctest.Object{"propagation": acctest.Object{"default_format": "w3c"}}, drift: []string{"config.propagation.default_format"},
		stored: acctest.Object{"config": acctest.Object{"propagation": acctest.Object{"default_format": "b3", "extract": []any{"b3"}, "inject": []any{"b3"}}}},
	},

	// Drift not seen.
	"X1 leaves": {
		plugin: "rate-limiting", body: `config = { minute = 5, policy = "local", limit_by = "ip" }`,
		tamper: acctest.Object{"limit_by": "service", "minute": 6, "hide_client_headers": true, "redis": acctest.Object{"database": 3}},
		drift:  []string{"config.hide_client_headers", "config.limit_by", "config.minute", "config.redis.database"},
	},
	"X1 an element": {plugin: "ip-restriction", body: `config = { allow = ["10.0.0.1", "10.0.0.2"] }`, tamper: acctest.Object{"allow": []any{"10.0.0.1"}}, drift: []string{"config.allow"}},
	"X1 a key": {
		plugin: "http-log", body: `config = { http_endpoint = "https://a.example", headers = { a = "1" } }`,
		tamper: acctest.Object{"headers": acctest.Object{"a": "2"}}, drift: []string{"config.headers.a"},
	},
	"X1 any plugin": {
		plugin: "rate-limiting", custom: true, body: `config = { minute = 5, policy = "local" }`,
		tamper: acctest.Object{"minute": 6, "hide_client_headers": true}, drift: []string{"config.hide_client_headers", "config.minute"},
	},

	// Custom plugins.
	"P1 uploaded by hand": {plugin: "mine", custom: true, uploaded: true, body: `config = { size = 5 }`},
	"P2 global":           {plugin: "mine", custom: true, before: uploaded("global"), body: greeter("global", "")},
	"P2 service":          {plugin: "mine", custom: true, before: uploaded("service"), body: greeter("service", `service = { id = "{service}" }`)},
	"P2 route":            {plugin: "mine", custom: true, before: uploaded("route"), body: greeter("route", `route = { id = "{route}" }`)},
	"P2 consumer":         {plugin: "mine", custom: true, before: uploaded("consumer"), body: greeter("consumer", `consumer = { id = "{consumer}" }`)},
	"P2 group":            {plugin: "mine", custom: true, before: uploaded("group"), body: greeter("group", `consumer_group = { id = "{group}" }`)},

	// Consumer groups.
	"G2 instance name": {plugin: "rate-limiting", body: limit + "\ninstance_name = \"a\"\nconsumer_group = { id = \"{group}\" }"},
	"G3 redis": {
		plugin: "rate-limiting-advanced", body: `config = { limit = [5], window_size = [60], strategy = "redis", sync_rate = 1, namespace = "n", redis = { host = "a.example" } }
			consumer_group = { id = "{group}" }`,
		stored: acctest.Object{"config": acctest.Object{"redis": acctest.Object{"host": "a.example"}}},
	},

	// Secrets.
	"S7 references": {plugin: "openid-connect", body: oidc + `client_secret = ["{vault://konnect/secret}"] }`, stored: acctest.Object{"config": acctest.Object{"client_secret": []any{"{vault://konnect/secret}"}}}},
	"S8 references": {plugin: "rate-limiting", body: `config = { minute = 5, policy = "redis", redis = { host = "a.example", password = "{vault://env/a}", port = "{vault://env/port}" } }`},

	// Partials.
	"L1 without a path": {
		plugin: "rate-limiting-advanced", body: linked(`{ id = "{redis-ee}" }`), answer: linkedNames,
		next: linked(`{ id = "{redis-ee}", path = "config.redis" }`),
	},
	"L1 any plugin": {
		plugin: "rate-limiting-advanced", custom: true, body: linked(`{ id = "{redis-ee}" }`), answer: linkedNames,
		next: linked(`{ id = "{redis-ee}", path = "config.redis" }`),
	},
	"L1 unknown": {
		plugin: "rate-limiting-advanced", before: "resource \"terraform_data\" \"partial\" { input = \"{redis-ee}\" }",
		body: linked(`{ id = terraform_data.partial.output }`),
	},
	"L1 unknown, two places": {
		plugin: "ai-semantic-cache", before: "resource \"terraform_data\" \"vectors\" { input = \"{vectordb}\" }", auto: []string{"config.vectordb"},
		body: `config = { embeddings = { model = { provider = "openai", name = "a" } } }
			partials = [{ id = terraform_data.vectors.output }]`,
		next: `config = { embeddings = { model = { provider = "openai", name = "a" } } }
			partials = [{ id = "{vectordb}" }]`,
	},
	"L3 another":     {plugin: "rate-limiting-advanced", body: linked(`{ id = "{redis-ee}" }`), next: linked(`{ id = "{other-ee}" }`), change: []string{"partials"}},
	"L3 added later": {plugin: "rate-limiting-advanced", body: unlinked, next: linked(`{ id = "{redis-ee}" }`), change: []string{"config.redis", "partials"}},
	"L3 removed later": {
		plugin: "rate-limiting-advanced", body: linked(`{ id = "{redis-ee}" }`), next: unlinked, change: []string{"config.redis", "partials"},
		stored: acctest.Object{"config": acctest.Object{"redis": acctest.Object{"host": "own.example"}}},
	},
}

const (
	limit    = `config = { minute = 5, policy = "local" }`
	unlinked = `config = { limit = [5], window_size = [60], strategy = "redis", sync_rate = 1, namespace = "n", redis = { host = "own.example" } }`
)

func linked(partial string) string {
	return `config = { limit = [5], window_size = [60], strategy = "redis", sync_rate = 1, namespace = "n" }
partials = [` + partial + `]`
}

func callout(custom string) string {
	return `config = { callouts = [{ name = "c1", request = { url = "https://a.example", headers = { custom = ` + custom + ` } } }] }`
}

// uploaded is the schema of a custom plugin, one for each control plane.
func uploaded(label string) string {
	return `resource "konnect_gateway_custom_plugin_schema" "` + label + `" {
  control_plane_id = "{plane}"
  lua_schema       = <<-EOT
    ` + acctest.SomeSource + `
  EOT
}`
}

func greeter(label, scope string) string {
	return `name = konnect_gateway_custom_plugin_schema.` + label + ".name\nconfig = {}\n" + scope
}
