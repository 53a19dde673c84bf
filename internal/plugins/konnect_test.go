package plugins_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/dataplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// decode reads an entity; "?" stands for a value that is not known yet.
func decode(t testing.TB, text string) map[string]any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var doc map[string]any
	if err := d.Decode(&doc); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return withUnknown(doc).(map[string]any)
}

func withUnknown(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			v[k] = withUnknown(e)
		}
	case []any:
		for i, e := range v {
			v[i] = withUnknown(e)
		}
	case string:
		if v == "?" {
			return schema.Unknown
		}
	}
	return v
}

// caseOf is the case of a bundled plugin as the provider makes it.
func caseOf(t testing.TB, name string, written map[string]any) plugins.Case {
	t.Helper()
	written["name"] = name
	c := plugins.Case{Name: name, Written: written, Names: bundled.Names, Known: func(n string) (bool, bool) {
		return slices.Contains(bundled.Names(), n) || n == "mine", true
	}, Others: func() []string { return []string{"mine", "audit-stream"} }, PartialKind: func(id string) string {
		return map[string]string{"p1": "redis-ce", "p2": "redis-ee", "p3": "model"}[id]
	}}
	if p, ok := bundled.Lookup(name); ok {
		c.Plugin = p
		if full, errs := p.Schema.ProcessAutoFields(t.Context(), written, schema.Insert, schema.Auto{}); errs == nil {
			c.Completed = full
		}
	}
	return c
}

func said(found []plugins.Finding) []string {
	var out []string
	for _, f := range found {
		severity := "error"
		if f.Severity == finding.Warning {
			severity = "warning"
		}
		out = append(out, fmt.Sprintf("%s %s: %s %s", severity, f.Path, f.Message, f.Hint))
	}
	return out
}

// konnectCases are entities and what is said about them: each line severity,
// place and a part of the text.
var konnectCases = []struct {
	plugin, entity string
	kind           plugins.Deployment
	minimum        string
	want           []string
}{
	// Availability.
	{"key-auth-enc", `{}`, "", "", []string{`error name: the plugin "key-auth-enc" is not available in Konnect. Use key-auth.`}},
	{"oauth2", `{}`, plugins.Hybrid, "", []string{`error name: the plugin "oauth2" is not available in Konnect.`}},
	{"application-registration", `{}`, "", "", []string{`error name: the plugin "application-registration" is not available`}},
	{"konnect-application-auth", `{}`, "", "", []string{`error name: the plugin "konnect-application-auth" is placed by Konnect itself`}},
	{"vault-auth", `{"config":{"vault":{"id":"x"}}}`, plugins.Serverless, "", []string{`warning name: the plugin "vault-auth" is documented for self-managed gateways only`}},
	{"ai-mcp", `{}`, plugins.Hybrid, "", []string{`warning name: Konnect does not document the plugin "ai-mcp". Use ai-mcp-proxy.`}},
	{"prometheus", `{}`, plugins.Serverless, "", []string{`error name: the plugin "prometheus" is not available in Konnect on serverless control planes, which this one is. Use opentelemetry`}},
	{"file-log", `{"config":{"path":"/dev/stdout"}}`, plugins.DedicatedCloud, "", []string{`error name: the plugin "file-log" is not available in Konnect on dedicated cloud`}},
	{"acme", `{"config":{"account_email":"a@b.example","storage":"redis","storage_config":{"redis":{"host":"a"}}}}`, plugins.Serverless, "", []string{`error name: the plugin "acme" is not available in Konnect on serverless control planes, which this one is. It is available on control planes of these kinds: hybrid or dedicated cloud.`}},
	{"grpc-web", `{}`, plugins.DedicatedCloud, "", []string{`error name: the plugin "grpc-web" is not`}},
	{"prometheus", `{}`, "", "", nil},
	{"prometheus", `{}`, plugins.Hybrid, "", nil},
	{"grpc-web", `{}`, plugins.Serverless, "", nil},
	{"jwt-signer", `{"config":{"access_token_keyset":"https://a.example/k","channel_token_keyset":"{vault://env/k}"}}`, plugins.Serverless, "", nil}, // the documentation does not say
	{"no-such-plugin", `{}`, plugins.Hybrid, "", nil},

	// What Konnect forbids.
	{"rate-limiting", `{"config":{"minute":5,"policy":"cluster"}}`, "", "", []string{`error config.policy: "cluster" is not supported in Konnect, whose data planes have no database to share. Allowed: "local" or "redis". With "redis" the data planes share a Redis of yours, at config.redis.host; with "local"`}},
	{"response-ratelimiting", `{"config":{"limits":{"a":{"minute":5}},"policy":"cluster"}}`, "", "", []string{`error config.policy: "cluster" is not supported`}},
	{"rate-limiting-advanced", `{"config":{"limit":[5],"window_size":[60],"strategy":"cluster"}}`, "", "", []string{`error config.strategy: "cluster" is not supported`}},
	{"service-protection", `{"config":{"limit":[5],"window_size":[60],"strategy":"cluster"},"service":{"id":"a"}}`, "", "", []string{`error config.strategy: "cluster"`}},
	{"graphql-rate-limiting-advanced", `{"config":{"limit":[5],"window_size":[60]}}`, "", "", []string{`error config.strategy: left out, it is "cluster", which is the default of the schema and is not supported in Konnect`}},
	{"graphql-rate-limiting-advanced", `{"config":{"limit":[5],"window_size":[60],"strategy":"local"}}`, "", "", []string{`error config.strategy: "local" is not supported in Konnect, whose data planes have no database to share. Allowed: "redis".`}},
	{"acme", `{"config":{"account_email":"a@b.example"}}`, "", "", []string{`error config.storage: left out, it is "shm"`}},
	{"rate-limiting", `{"config":{"minute":5,"policy":"redis","redis":{"host":"a"}}}`, plugins.Serverless, "", []string{`error config.policy: "redis" is not supported in Konnect on serverless control planes. Allowed there: "local".`}},
	{"openid-connect", `{"config":{"issuer":"https://a.example","session_storage":"redis","redis":{"host":"a"}}}`, plugins.Serverless, "", []string{`error config.session_storage: "redis" is not supported`}},
	{"upstream-oauth", `{"config":{"oauth":{"token_endpoint":"https://a.example"},"cache":{"strategy":"redis","redis":{"host":"a"}}}}`, plugins.Serverless, "", []string{`error config.cache.strategy: "redis" is not`}},
	{"jwt-signer", `{"config":{"access_token_keyset":"mine","channel_token_keyset":"https://a.example/k"}}`, "", "", []string{`error config.access_token_keyset: "mine" cannot be used in Konnect, which keeps no key sets of its own. Wanted is the uri of a JWKS`}},
	{"jwt-signer", `{"config":{"channel_token_keyset":"https://a.example/k"}}`, "", "", []string{`warning config.access_token_keyset: left out, it is "kong"`}},
	{"session", `{"config":{"storage":"kong"}}`, "", "", []string{`warning config.storage: "kong" may not work in Konnect`}},
	{"session", `{"config":{}}`, "", "", nil},
	{"basic-auth", `{"config":{"brute_force_protection":{"strategy":"cluster"}}}`, "", "", []string{`warning config.brute_force_protection.strategy: "cluster" may not work`}},
	{"rate-limiting", `{"config":{"minute":5,"policy":"?"}}`, plugins.Serverless, "", nil},
	{"rate-limiting", `{"config":"?"}`, plugins.Serverless, "", nil},
	{"rate-limiting", `{"config":{"minute":5,"policy":"local"}}`, plugins.Serverless, "", nil},
	{"openid-connect", `{"config":{"issuer":"https://a.example"}}`, plugins.Serverless, "", nil},

	// What is left out.
	{"rate-limiting", `{"config":{"minute":5}}`, plugins.Hybrid, "", []string{`warning config.policy: left out, it is "local": each data plane node counts for itself alone, so that several nodes together let through as many times the limit. To share counters set it to "redis" and config.redis.host to`}},
	{"rate-limiting", `{"config":{"minute":5}}`, "", "", []string{`warning config.policy: left out`}},
	{"rate-limiting", `{"config":{"minute":5}}`, plugins.Serverless, "", nil},
	{"service-protection", `{"config":{"limit":[5],"window_size":[60]},"service":{"id":"a"}}`, "", "", []string{`warning config.strategy: left out`}},
	{"ai-rate-limiting-advanced", `{"config":{"llm_providers":[{"name":"openai","limit":[5],"window_size":[60]}]}}`, "", "", []string{`warning config.strategy: left out`}},

	// Redis.
	{"rate-limiting-advanced", `{"config":{"limit":[5],"window_size":[60],"strategy":"redis"}}`, "", "", []string{`error config.redis.host: config.strategy is "redis", and nothing says on which host. Wanted is the host name or address of a Redis of yours`}},
	{"rate-limiting-advanced", `{"config":{"limit":[5],"window_size":[60],"strategy":"redis","redis":{"port":6380}}}`, "", "", []string{`error config.redis.host: `}},
	{"rate-limiting", `{"config":{"minute":5,"policy":"redis"}}`, "", "", []string{`error config.redis.host: `}},
	{"service-protection", `{"config":{"limit":[5],"window_size":[60],"strategy":"redis"},"service":{"id":"a"}}`, "", "", []string{`error config.redis.host: `}},
	{"rate-limiting", `{"config":{"minute":5,"policy":"redis"},"partials":[{"id":"p2"}]}`, "", "", []string{`error partials[0]: `}},
	{"proxy-cache-advanced", `{"config":{"strategy":"redis"}}`, "", "", []string{`warning config.redis.host: `}},
	{"rate-limiting-advanced", `{"config":{"limit":[5],"window_size":[60],"strategy":"redis","redis":{"cluster_nodes":[{"ip":"a","port":1}]}}}`, "", "", nil},
	{"rate-limiting-advanced", `{"config":{"limit":[5],"window_size":[60],"strategy":"redis","redis":{"host":"127.0.0.1"}}}`, "", "", nil}, // on purpose
	{"rate-limiting-advanced", `{"config":{"limit":[5],"window_size":[60],"strategy":"redis","redis":{"cluster_addresses":["a:1"]}}}`, "", "", nil},
	{"rate-limiting", `{"config":{"minute":5,"policy":"redis","redis_host":"a"}}`, "", "", nil},
	{"rate-limiting", `{"config":{"minute":5,"policy":"redis","redis":"?"}}`, "", "", nil},
	{"rate-limiting", `{"config":{"minute":5,"policy":"redis","redis":{"host":"?"}}}`, "", "", nil},
	{"rate-limiting", `{"config":{"minute":5,"policy":"redis"},"partials":[{"id":"p1"}]}`, "", "", nil},
	{"rate-limiting", `{"config":{"minute":5,"policy":"redis"},"partials":[{"id":"?"}]}`, "", "", nil},
	{"rate-limiting", `{"config":{"minute":5,"policy":"redis"},"partials":"?"}`, "", "", nil},

	// Scopes and protocols.
	{"acl", `{"config":{"allow":["a"]},"consumer":{"id":"a"}}`, "", "", []string{`error consumer: the plugin "acl" cannot be limited to a consumer. It takes a service or a route, or no scope for everything.`}},
	{"acl", `{"config":{"allow":["a"]},"consumer_group":{"id":"?"}}`, "", "", []string{`error consumer_group: the plugin "acl" cannot be limited to a consumer group`}},
	{"kafka-consume", `{"service":{"id":"a"}}`, "", "", []string{`error service: the plugin "kafka-consume" cannot be limited to a service. It takes a route or a consumer`}},
	{"service-protection", `{"config":{"limit":[5],"window_size":[60],"strategy":"local"},"route":{"id":"a"},"consumer":{"id":"b"}}`, "", "", []string{`error route: `, `error consumer: `}},
	{"acme", `{"config":{"account_email":"a@b.example","storage":"redis","storage_config":{"redis":{"host":"a"}}},"route":{"id":"a"}}`, "", "", []string{`error route: the plugin "acme" cannot be limited to a route. It applies to everything: set no scope.`}},
	{"ai-a2a-proxy", `{}`, "", "", []string{`warning name: the plugin "ai-a2a-proxy" is not meant to stand without a scope. It takes a service or a route.`}},
	{"ai-a2a-proxy", `{"route":"?"}`, "", "", nil},
	{"acl", `{"config":{"allow":["a"]},"consumer":"?","service":{"id":"a"}}`, "", "", nil},
	{"acl", `{"config":{"allow":["a"]},"consumer":null}`, "", "", nil},
	{"key-auth", `{"protocols":["http","tcp","udp"]}`, "", "", []string{`error protocols[1]: the plugin "key-auth" does not handle the protocol "tcp". It takes "grpc"`, `error protocols[2]: `}},
	{"key-auth", `{"protocols":["http","?"]}`, "", "", nil},
	{"key-auth", `{"protocols":"?"}`, "", "", nil},

	// Partials.
	{"acl", `{"config":{"allow":["a"]},"partials":[{"id":"?"}]}`, "", "", []string{`error partials[0]: the plugin "acl" takes no partials.`}},
	{"rate-limiting", `{"config":{"minute":5,"policy":"local"},"partials":[{"id":"p3"}]}`, "", "", []string{`error partials[0]: the plugin "rate-limiting" takes no partials of type "model". It takes partials of type "redis-ce".`}},
	{"rate-limiting", `{"config":{"minute":5,"policy":"local"},"partials":[{"id":"p1","path":"config"}]}`, "", "", []string{`error partials[0].path: a partial cannot supply "config" of the plugin "rate-limiting". Wanted is "config.redis".`}},
	{"rate-limiting", `{"config":{"minute":5,"policy":"redis","redis":{"host":"a"}},"partials":[{"id":"p1"}]}`, "", "", []string{`warning config.redis.host: a partial supplies config.redis and wins, so that what is written here has no effect. Leave it out here, or the partial.`}},
	{"rate-limiting", `{"config":{"minute":5,"policy":"local"},"partials":[{"id":"p1"},{"id":"p1"}]}`, "", "", []string{`error partials[1]: two partials supply config.redis.`}},
	{"ai-proxy-advanced", `{"partials":[{"id":"p3","path":"config.targets[0]"}]}`, "", "", nil},
	{"ai-proxy-advanced", `{"partials":[{"id":"p3","path":"config.targets[x]"}]}`, "", "", []string{`error partials[0].path: a partial cannot supply "config.targets[x]" of the plugin "ai-proxy-advanced". Wanted is "config.targets[]".`}},
	{"ai-proxy-advanced", `{"partials":[{"id":"p3","path":"config.vectordb"}]}`, "", "", []string{`error partials[0].path: `}},
	{"rate-limiting", `{"config":{"minute":5,"policy":"local","redis":{"host":null}},"partials":[{"id":"p9","path":"?"}]}`, "", "", nil},
	{"rate-limiting", `{"config":{"minute":5,"policy":"local","redis":{"host":"?"}},"partials":["?"]}`, "", "", nil},

	// Ordering.
	{"key-auth", `{"ordering":{"before":{"access":["rate-limitng"]}}}`, "", "", []string{`warning ordering.before.access[0]: there is no plugin "rate-limitng". Did you mean "rate-limiting"?`}},
	{"key-auth", `{"ordering":{"before":{"access":["audit-steam"]}}}`, "", "", []string{`warning ordering.before.access[0]: there is no plugin "audit-steam". Did you mean "audit-stream"?`}},
	{"key-auth", `{"ordering":{"before":{"access":["acl","zzzzzzzzzzzzz"]}}}`, "", "", []string{`warning ordering.before.access[1]: there is no plugin "zzzzzzzzzzzzz". Ordering takes the names`}},
	{"key-auth", `{"ordering":{"after":{"access":["key-auth"]}}}`, "", "", []string{`warning ordering.after.access[0]: the plugin "key-auth" cannot run before or after itself`}},
	{"key-auth", `{"ordering":{"before":{"access":["acl"]},"after":{"access":["cors","acl"]}}}`, "", "", []string{`warning ordering.after.access[1]: the plugin cannot run both before and after "acl"`}},
	{"key-auth", `{"ordering":{"after":{"access":["file-log"]}}}`, "", "", []string{`warning ordering.after.access[0]: the plugin "file-log" has no part in the access phase`}},
	{"file-log", `{"config":{"path":"/a"},"ordering":{"after":{"access":["acl"]}}}`, "", "", []string{`warning ordering: the plugin "file-log" has no part`}},
	{"datadog", `{"config":{},"ordering":{"before":{"access":["acl"]}}}`, "", "", []string{`warning ordering: the plugin "datadog" has no part`}},
	{"http-log", `{"config":{"http_endpoint":"http://h"},"ordering":{"before":{"access":["acl"]}}}`, "", "", []string{`warning ordering: the plugin "http-log" has no part`}},
	{"loggly", `{"config":{"key":"k"},"ordering":{"before":{"access":["acl"]}}}`, "", "", []string{`warning ordering: the plugin "loggly" has no part`}},
	{"response-transformer", `{"config":{},"ordering":{"before":{"access":["acl"]}}}`, "", "", []string{`warning ordering: the plugin "response-transformer" has no part`}},
	{"statsd", `{"config":{},"ordering":{"before":{"access":["acl"]}}}`, "", "", []string{`warning ordering: the plugin "statsd" has no part`}},
	{"syslog", `{"config":{},"ordering":{"before":{"access":["acl"]}}}`, "", "", []string{`warning ordering: the plugin "syslog" has no part`}},
	{"tcp-log", `{"config":{"host":"h","port":1},"ordering":{"before":{"access":["acl"]}}}`, "", "", []string{`warning ordering: the plugin "tcp-log" has no part`}},
	{"udp-log", `{"config":{"host":"h","port":1},"ordering":{"before":{"access":["acl"]}}}`, "", "", []string{`warning ordering: the plugin "udp-log" has no part`}},
	{"ip-restriction", `{"config":{"allow":["10.0.0.0/8"]},"consumer":{"id":"a"},"ordering":{"before":{"access":["acl"]}}}`, "", "3.13", []string{`warning ordering: data planes of version 3.13 cannot put plugins in order where one is limited to a consumer. That works from version 3.14 on.`}},
	{"ip-restriction", `{"config":{"allow":["10.0.0.0/8"]},"consumer":{"id":"a"},"ordering":{"before":{"access":["acl"]}}}`, "", "3.14", nil},
	{"key-auth", `{"ordering":{"before":{"access":["mine","?"]},"after":"?"}}`, "", "", nil},

	// Versions.
	{"ace", `{"config":{}}`, "", "3.11", []string{`warning name: the plugin "ace" is there from version 3.12 on; the data planes may be of version 3.11.`}},
	{"ace", `{"config":{}}`, "", "3.12", nil}, // Konnect sends it to these, too
	{"ai-mcp", `{}`, "", "3.13", []string{`warning name: Konnect does not`, `warning name: version 3.12 was the last with the plugin "ai-mcp"`}},
	{"ai-prompt-decorator", `{"config":{"prompts":{},"llm_format":"anthropic"}}`, "", "3.12", []string{
		`warning config.llm_format: the value "anthropic" is there from version 3.13 on`, `warning config.max_request_body_size: left out, it is 1048576, the default from version 3.13 on; before, as in version 3.12 of the data planes, it was 8192. Write`}},
	{"ai-prompt-decorator", `{"config":{"prompts":{},"llm_format":"cohere"}}`, "", "3.9", []string{`warning config.llm_format: the field is there from version 3.10 on`, `warning config.max_request_body_size: left out`}},
	{"ai-mcp-proxy", `{"config":{"max_request_body_size":1,"tools":[{"description":"a"},{"description":"b","name":"c"}]}}`, "", "3.12", []string{`warning config.tools[1].name: the field is there from version 3.13 on`}},
	{"acl", `{"config":{"allow":["a"]},"protocols":["http","ws"]}`, "", "3.13", []string{`warning protocols[1]: data planes before version 3.14 get no new configuration at all because of it, and go on with their last one; the data planes may be of version 3.13.`}},
	{"acl", `{"config":{"allow":["a"]},"protocols":["http","ws"]}`, "", "3.14", nil},
	{"injection-protection", `{"config":{"injection_types":["sql","sql_low_sensitivity"]}}`, "", "3.13", []string{`warning config.injection_types[1]: data planes before version 3.14 get "sql" in place of "sql_low_sensitivity"; the data planes may be of version 3.13.`}},
	{"injection-protection", `{"config":{"injection_types":["sql"]}}`, "", "3.13", nil},
	{"rate-limiting", `{"config":{"minute":5,"policy":"redis","redis":{"host":"a"}}}`, "", "3.13", nil}, // Konnect did not follow the gateway's change
	{"rate-limiting", `{"config":{"minute":5,"policy":"local"}}`, "", "3.13", nil},                      // Redis is not in use
	{"rate-limiting", `{"config":{"minute":5,"policy":"redis","redis":{"host":"a","ssl_verify":false}}}`, "", "3.13", nil},
	{"ai-prompt-decorator", `{"config":{"prompts":{},"llm_format":"?","max_request_body_size":"?"}}`, "", "3.12", nil},
	{"ai-prompt-decorator", `{"config":{"prompts":{},"llm_format":"anthropic"}}`, "", "3.15", nil},
	{"ai-prompt-decorator", `{"config":{"prompts":{},"llm_format":"anthropic"}}`, "", "", nil},

	// What Konnect changes on the way to older data planes.
	{"rate-limiting", `{"config":{"minute":5,"policy":"local","limit_by":"consumer-group"}}`, "", "3.5", []string{`warning config.limit_by: data planes before version 3.6 get "consumer" in place of "consumer-group"; the data planes may be of version 3.5.`}},
	{"rate-limiting", `{"config":{"minute":5,"policy":"local","limit_by":"consumer-group"}}`, "", "3.6", nil},
	{"rate-limiting", `{"config":{"minute":5,"policy":"local","limit_by":"?"}}`, "", "3.5", nil},
	{"rate-limiting", `{"config":{"minute":5,"policy":"redis","redis":{"host":"a","port":6379,"ssl_verify":true}}}`, "", "3.5", []string{
		`warning config.redis.port: data planes before version 3.6 get config.redis.port as config.redis_port, config.redis.host as config.redis_host and config.redis.ssl_verify as config.redis_ssl_verify; the data planes may be of version 3.5.`}},
	{"rate-limiting", `{"config":{"minute":5,"policy":"local"},"consumer_group":{"id":"a"}}`, "", "3.5", []string{`warning consumer_group: data planes before version 3.6 do not get the plugin at all, because of it; `}},
	{"ai-proxy-advanced", `{"config":{"max_request_body_size":1,"targets":[{"model":{"provider":"openai"}},{"model":{"provider":"deepseek"}}]}}`, "", "3.13", []string{`warning config.targets[1].model.provider: data planes before version 3.14 do not get config.targets[1], because of it; `}},
	{"ai-proxy-advanced", `{"config":{"max_request_body_size":1,"targets":[{"model":{"provider":"gemini"},"route_type":"llm/v1/chat"},{"model":{"provider":"gemini"},"route_type":"realtime/v1/realtime"}]}}`, "", "3.12", []string{`warning config.targets[1].model.provider: data planes before version 3.13 get "openai" in place of "gemini"; `}},
	{"ai-proxy-advanced", `{"config":{"max_request_body_size":1,"targets":"?"}}`, "", "3.12", nil},
	{"ai-proxy-advanced", `{"config":{"max_request_body_size":1,"targets":["?",{"model":"?"}]}}`, "", "3.12", nil},
	{"http-log", `{"config":{"http_endpoint":"https://a","headers":{"key":"{vault://env/key}"}}}`, "", "3.1", []string{`warning config.headers.key: data planes before version 3.2 refuse the whole configuration because of the reference to a vault, and go on with their last one; `}},
	{"http-log", `{"config":{"http_endpoint":"https://a","headers":{"key":"vault"}}}`, "", "3.1", nil},
	{"aws-lambda", `{"config":{"function_name":"a","empty_arrays_mode":"correct"}}`, "", "3.6", []string{`warning config.empty_arrays_mode: data planes before version 3.7.1.2, but for patches from 3.5.0.7 and 3.6.1.7 on, do not get config.empty_arrays_mode; `}},
	{"openid-connect", `{"config":{"issuer":"https://a","client_auth":["tls_client_auth"]}}`, "", "3.5", []string{`warning config.client_auth[0]: data planes before version 3.6 get no new configuration at all because of it`}},
	{"ai-prompt-guard", `{"config":{"allow_patterns":["a","` + strings.Repeat("b", 51) + `"]}}`, "", "3.6", []string{`warning config.allow_patterns[1]: data planes before version 3.7 refuse the whole configuration because of it`}},
	{"opentelemetry", `{"config":{"access_logs_endpoint":"https://a"}}`, "", "3.12", []string{`warning config.access_logs_endpoint: data planes before version 3.13 do not get the plugin at all`}},
	{"opentelemetry", `{"config":{"traces_endpoint":"https://a","access_logs_endpoint":"https://a"}}`, "", "3.12", nil},
	{"kafka-upstream", `{"config":{"topic":"a","message_by_lua_functions":["return 1"]}}`, "", "3.11", []string{`warning config.message_by_lua_functions: the field is there from version 3.12 on`}},
}

func TestJudge(t *testing.T) {
	t.Parallel()
	for _, c := range konnectCases {
		t.Run(c.plugin+" "+c.entity+" "+string(c.kind)+c.minimum, func(t *testing.T) {
			t.Parallel()
			in := caseOf(t, c.plugin, decode(t, c.entity))
			in.Deployment = c.kind
			if c.minimum != "" {
				v, err := dataplane.ParseVersion(c.minimum)
				if err != nil {
					t.Fatal(err)
				}
				in.Minimum = v
			}
			got := said(plugins.Judge(in))
			if len(got) != len(c.want) {
				t.Fatalf("got %d findings, want %d:\n%s", len(got), len(c.want), strings.Join(got, "\n"))
			}
			for i, want := range c.want {
				if !strings.HasPrefix(got[i], want) {
					t.Errorf("got  %s\nwant %s", got[i], want)
				}
			}
		})
	}
}

// A custom plugin takes no partials, and no facts are known about it.
func TestJudge_custom(t *testing.T) {
	t.Parallel()
	own, _ := bundled.Lookup("acl")
	mine := &plugins.Plugin{Name: "acl", Schema: own.Schema, Info: own.Info, Custom: true}
	c := plugins.Case{Plugin: mine, Name: "acl", Deployment: plugins.Serverless, Minimum: dataplane.Version{Major: 3, Minor: 14}, Written: decode(t, `{
		"consumer": {"id": "a"}, "protocols": ["tcp"], "partials": [{"id": "?"}], "ordering": {"before": {"access": ["nobody-knows"]}}
	}`)}
	got := said(plugins.Judge(c))
	if len(got) != 1 || !strings.HasPrefix(got[0], "error partials[0]: Konnect fills in partials for bundled plugins only") {
		t.Errorf("got %v", got)
	}
	if mine.DependsOnDeployment() {
		t.Error("a custom plugin depends on the kind of control plane")
	}
}

// What a partial supplies need not be written.
func TestCase_Supplied(t *testing.T) {
	t.Parallel()
	for entity, want := range map[string]string{
		`{"partials":[{"id":"p1"}]}`:                       "[config.redis] []",
		`{"partials":[{"id":"?"}]}`:                        "[config.redis] []",
		`{"partials":[{"id":"p9","path":"config.redis"}]}`: "[config.redis] []",
		`{"partials":[{"id":"p3"}]}`:                       "[] []",
		`{"partials":[{"id":"p1","path":"?"}]}`:            "[] [config.redis]",
		`{"partials":"?"}`:                                 "[] [config.redis]",
		`{"partials":["?"]}`:                               "[] [config.redis]",
		`{"partials":[]}`:                                  "[] []",
		`{}`:                                               "[] []",
	} {
		certain, possible := caseOf(t, "rate-limiting", decode(t, entity)).Supplied()
		if got := fmt.Sprint(certain, possible); got != want {
			t.Errorf("%s supplies %q, want %q", entity, got, want)
		}
	}
	if certain, possible := (plugins.Case{}).Supplied(); certain != nil || possible != nil {
		t.Errorf("no plugin is supplied %v and %v", certain, possible)
	}
}

// It may be unknown whether a plugin of that name exists.
func TestJudge_uncertain(t *testing.T) {
	t.Parallel()
	c := caseOf(t, "key-auth", decode(t, `{"ordering":{"before":{"access":["rate-limitng"]}}}`))
	c.Known = func(string) (bool, bool) { return false, false }
	if got := said(plugins.Judge(c)); len(got) > 0 {
		t.Errorf("got %v", got)
	}
}

// The documented examples are for gateways of every kind. Only what nobody can
// do in Konnect is refused among them.
func TestJudge_examples(t *testing.T) {
	t.Parallel()
	refused := map[string]string{
		"key-auth-enc":                   "name",
		"oauth2":                         "name",
		"graphql-rate-limiting-advanced": "config.strategy", // left to its default, cluster
		"rate-limiting-advanced":         "config.strategy", // cluster
		"konnect-application-auth":       "name",
	}
	seen := 0
	for name, all := range readExamples(t) {
		for _, e := range all.Valid {
			seen++
			for _, f := range plugins.Judge(exampleCase(t, name, e.Config)) {
				if f.Severity == finding.Error && refused[name] != f.Path.String() {
					t.Errorf("%s: %v\n%v", name, f, e.Config)
				}
			}
		}
	}
	if seen < 250 {
		t.Errorf("only %d examples", seen)
	}
}

func exampleCase(t *testing.T, name string, config map[string]any) plugins.Case {
	t.Helper()
	c := caseOf(t, name, map[string]any{"config": config})
	c.Deployment = plugins.Hybrid
	return c
}

// Where the facts are silent, there is no error.
func TestJudge_openFacts(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"vault-auth", "jwt-signer", "ai-mcp", "statsd-advanced"} {
		for _, kind := range []plugins.Deployment{"", plugins.Hybrid, plugins.DedicatedCloud, plugins.Serverless} {
			c := caseOf(t, name, map[string]any{})
			c.Deployment = kind
			for _, f := range plugins.Judge(c) {
				if f.Severity == finding.Error {
					t.Errorf("%s on %s: %v", name, kind, f)
				}
			}
		}
	}
}

func TestPlugin_DependsOnDeployment(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"prometheus": true, "rate-limiting": true, "acl": false, "statsd-advanced": false, "oauth2": true, "openid-connect": true} {
		p, ok := bundled.Lookup(name)
		if !ok || p.DependsOnDeployment() != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
}

func BenchmarkJudge(b *testing.B) {
	d := `{"config":{"minute":5,"policy":"redis","redis":{"host":"a"}},"service":{"id":"a"}}`
	c := caseOf(b, "rate-limiting", decode(b, d))
	c.Minimum = dataplane.Version{Major: 3, Minor: 9}
	for b.Loop() {
		plugins.Judge(c)
	}
}
