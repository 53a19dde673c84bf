package plugins

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// value decodes a test's JSON as the engine's callers do.
func value(t *testing.T, text string) any {
	t.Helper()
	var v any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

func TestChecks(t *testing.T) {
	t.Parallel()
	const (
		limits      = "rate-limiting:config.custom_validator"
		perResponse = "response-ratelimiting:config.limits.values.custom_validator"
		termination = "request-termination:config.custom_validator"
		origin      = "cors:config.origins.elements.custom_validator"
		httpLog     = "http-log:config.custom_validator"
		zone        = "acme:config.storage_config.shm.shm_name.custom_validator"
		proxy       = "aws-lambda:custom_entity_check(config.proxy_url)"
		grants      = "oauth2:config.custom_validator"
		tags        = "zipkin:config.static_tags.custom_validator"
		attributes  = "opentelemetry:config.resource_attributes.custom_validator"
		windows     = "rate-limiting-advanced:custom_entity_check(config)"
		dictionary  = "proxy-cache:custom_entity_check(config)"
		storage     = "acme:custom_entity_check(config.storage)"
		namespace   = "acme:config.storage_config.redis.extra_options.namespace.custom_validator"
		remove      = "request-transformer:config.remove.headers.elements.custom_validator"
		add         = "response-transformer:config.add.headers.elements.custom_validator"
		rename      = "request-transformer:config.rename.headers.elements.custom_validator"
		body        = "request-transformer:config.add.body.elements.custom_validator"
		access      = "pre-function:config.access.elements.custom_validator"
		lua         = "typedefs.lua_code.values.custom_validator"
		model       = "ai-proxy:config.custom_entity_check(route_type,model,logging)"
		userinfo    = "specifying both an 'Authorization' header and user info in 'http_endpoint' is not allowed"
		needGrant   = "at least one of these fields must be true: enable_authorization_code, enable_implicit_grant, enable_client_credentials, enable_password_grant"
	)
	tests := []struct{ function, value, want string }{
		{limits, `{"second": 5, "minute": 5, "sync_rate": -1}`, ""},
		{limits, `{"second": null, "minute": 1, "hour": 2, "policy": "local", "sync_rate": -1}`, ""},
		{limits, `{"second": 10, "minute": 5}`, "The limit for minute(5.0) cannot be lower than the limit for second(10.0)"},
		{limits, `{"second": 10, "minute": null, "year": 1.25}`, "The limit for year(1.2) cannot be lower than the limit for second(10.0)"},
		{limits, `{"minute": 10, "hour": 5, "day": 1}`, "The limit for hour(5.0) cannot be lower than the limit for minute(10.0)"},
		{limits, `{"second": 5, "minute": 10, "hour": 4}`, "The limit for hour(4.0) cannot be lower than the limit for second(5.0)"},
		{limits, `{"policy": "local", "sync_rate": 1}`, "sync_rate can only be used with the redis policy"},
		{limits, `{"policy": null, "sync_rate": 0}`, "sync_rate can only be used with the redis policy"},
		{limits, `{"policy": "redis", "sync_rate": 0.019}`, "sync_rate must be greater than 0.02, or -1 to disable"},
		{limits, `{"policy": "redis", "sync_rate": -2}`, "sync_rate must be greater than 0.02, or -1 to disable"},
		{limits, `{"policy": "redis", "sync_rate": 0.02}`, ""},
		{limits, `{"policy": "redis", "sync_rate": -1}`, ""},
		{windows, `{"config": {"limit": [5, 6], "window_size": [1, 60]}}`, ""},
		{windows, `{"config": {"limit": [5], "window_size": [1, 60]}}`, "You must provide the same number of windows and limits"},
		{windows, `{"config": {"limit": [5, 6], "window_size": [60]}}`, "You must provide the same number of windows and limits"},
		{windows, `{"config": {"limit": [5], "window_size": null}}`, ""},
		{windows, `{"config": null}`, ""},
		{windows, `{}`, ""},
		{perResponse, `{"second": 1, "day": 1}`, ""},
		{perResponse, `{"hour": 100, "day": 1.5}`, "the limit for day(1.5) cannot be lower than the limit for hour(100.0)"},
		{termination, `{"message": "m", "content_type": null, "body": null, "echo": false}`, ""},
		{termination, `{"content_type": "text/plain", "body": "b"}`, ""},
		{termination, `{"echo": true, "message": "m"}`, ""},
		{termination, `{"message": "m", "body": "b"}`, "message cannot be used with content_type or body"},
		{termination, `{"message": "m", "content_type": "c"}`, "message cannot be used with content_type or body"},
		{termination, `{"content_type": "c"}`, "content_type requires a body"},
		{termination, `{"echo": true, "body": "b"}`, "echo cannot be used with content_type and body"},
		{termination, `{"echo": true, "content_type": "c", "body": "b"}`, "echo cannot be used with content_type and body"},
		{origin, `"*"`, ""},
		{origin, `"https://.*\\.example\\.com"`, ""},
		{origin, `"(?<!a)b"`, ""},
		{origin, `"["`, "'[' is not a valid regex"},
		{origin, `"a b//c?*"`, "'a b//c?*' is not a valid regex"},
		{httpLog, `{"http_endpoint": "http://u:p@h/x", "headers": {"X": "1"}}`, ""},
		{httpLog, `{"http_endpoint": "http://u:p@h/x", "headers": null}`, ""},
		{httpLog, `{"http_endpoint": "http://h/u@x", "headers": {"Authorization": "1"}}`, ""},
		{httpLog, `{"http_endpoint": "http://u@h", "headers": {"Authorization": "1"}}`, userinfo},
		{httpLog, `{"http_endpoint": "http://u:p@h/x", "headers": {"authoRization": "1"}}`, userinfo},
		{proxy, `{"config": {"proxy_url": null}}`, ""},
		{proxy, `{"config": {"proxy_url": "http://proxy:8080"}}`, ""},
		{proxy, `{"config": {"proxy_url": "https://proxy:8080"}}`, "proxy_url scheme must be http"},
		{proxy, `{"config": {"proxy_url": "proxy"}}`, ""},
		{grants, `{"enable_password_grant": true}`, ""},
		{grants, `{"enable_password_grant": false, "enable_implicit_grant": null}`, needGrant},
		{grants, `{}`, needGrant},
		{tags, `[{"name": "a", "value": "1"}, {"name": "b", "value": "1"}]`, ""},
		{tags, `[]`, ""},
		{tags, `[{"name": "a"}, {"name": "b"}, {"name": "a"}]`, "repeated tags are not allowed: a"},
		{attributes, `{"a": "x", "b": "y"}`, ""},
		{attributes, `{"a": "x", "b": ""}`, "required field missing"},
		{attributes, `{"a": {"b": "c"}}`, "invalid type of value: table"},
		{dictionary, `{"config": {"strategy": "memory", "memory": {"dictionary_name": "kong_db_cache"}}}`, ""},
		{dictionary, `{"config": {"strategy": "redis", "memory": {"dictionary_name": "x"}}}`, ""},
		{dictionary, `{"config": {"strategy": "memory", "memory": {"dictionary_name": "x"}}}`, "missing shared dict 'x'"},
		{zone, `"kong"`, ""},
		{zone, `"prometheus_metrics"`, ""},
		{zone, `"no such zone"`, "failed validating: no such zone"},
		{zone, `""`, "failed validating: "},
		{storage, `{"config": {"storage": "redis"}}`, ""},
		{storage, `{"config": {"storage": "shm"}}`, `"shm" storage can't be used in Hybrid mode`},
		{namespace, `""`, ""},
		{namespace, `"mine"`, ""},
		{namespace, `"kong_acme:cert_key:x"`, "namespace can't be prefixed with reserved word: kong_acme:cert_key:"},
		{remove, `"X-Header_1"`, ""},
		{remove, `"bad header"`, "'bad header' is not a valid header"},
		{remove, `":value"`, "'' is not a valid header"},
		{add, `"X-A:any value: at all"`, ""},
		{add, `"X A:v"`, "'X A' is not a valid header"},
		{rename, `"X-A:X-B"`, ""},
		{rename, `"X-A:X B"`, "'X B' is not a valid header"},
		{rename, `"é:X-B"`, "'é' is not a valid header"},
		{body, `"a:b"`, ""},
		{body, `"a:$(headers.x or \"none\")"`, ""},
		{body, `"a:$(unbalanced"`, ""},
		{body, `"a"`, "key 'a' has no value"},
		{body, `"a:"`, "key 'a' has no value"},
		{body, `"a:$(1 +)"`, "value '$(1 +)' is not in supported format, error:…"},
		{body, `"a:#for"`, "value '#for' is not in supported format, error:…"},
		{access, `"return function() end"`, ""},
		{access, `"kong.log('x')"`, ""},
		{access, `"this is not lua"`, "error parsing pre-function: …"},
		{lua, `"return 1"`, ""},
		{lua, `"return 1 +"`, "Error parsing function: …"},
		{model, `{"route_type": "llm/v1/completions", "model": {"provider": "anthropic"}, "logging": {"log_statistics": false}}`, ""},
		{model, `{"route_type": "llm/v1/chat", "model": {"provider": "anthropic"}, "logging": {"log_statistics": true}}`, ""},
		{model, `{"route_type": "llm/v1/completions", "model": null, "logging": {"log_statistics": true}}`, ""},
		{model, `{"route_type": "llm/v1/completions", "model": {"provider": "anthropic"}, "logging": {"log_statistics": true}}`,
			"anthropic does not support statistics when route_type is llm/v1/completions"},
	}
	for _, tt := range tests {
		fn, err := functionNamed(tt.function)
		if err != nil {
			t.Error(err)
			continue
		}
		got, _ := fn.Check(value(t, tt.value)).(string)
		want, open := strings.CutSuffix(tt.want, "…")
		more := strings.HasPrefix(got, want) && len(got) > len(want)
		if got != want && (!open || !more) {
			t.Errorf("%s of %s\n got %q\nwant %q", tt.function, tt.value, got, tt.want)
		}
	}
}

// Checks stand at the border: whatever the engine passes, they judge without
// falling over.
func TestChecks_anyValue(t *testing.T) {
	t.Parallel()
	values := []any{nil, true, "", "x", json.Number("1"), 1.5, []any{}, []any{nil, "x"}, map[string]any{}, map[string]any{"config": "x", "model": []any{}}}
	for name, fn := range functions {
		if fn.Check == nil {
			continue
		}
		for _, v := range values {
			results, err := fn.Call(t.Context(), v)
			message := fn.Check(v)
			if err != nil || (message == nil) != (results[0] == true) {
				t.Errorf("%s(%v): Check says %v, Call %v, %v", name, v, message, results, err)
			}
		}
	}
}

func TestShorthands(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, def, value, want string }{
		{"p:config.redis_host.func", `{"deprecation": {"replaced_with": [{"path": ["redis", "host"]}]}}`, `"h"`, `{"redis": {"host": "h"}}`},
		{"p:config.redis_host.func", `{"deprecation": {"replaced_with": [{"path": ["redis", "host"]}]}}`, `null`, `{"redis": {"host": null}}`},
		{"p:config.redis.timeout.func", `{"deprecation": {"replaced_with": [{"path": ["read_timeout"]}, {"path": ["t", "send"]}, {"path": ["t", "connect"]}]}}`, `5`,
			`{"read_timeout": 5, "t": {"send": 5, "connect": 5}}`},
		{"p:config.a.func", `{"translate_backwards": ["b", "c"]}`, `1`, `{"b": {"c": 1}}`},
		{"p:config.a.func", `{"maps_to": "b.c"}`, `1`, `{"b": {"c": 1}}`},
		{"p:config.a.func", `{"maps_to": ""}`, `1`, `{}`},
		{"p:config.redis.sentinel_addresses.func", `{}`, `["a:1", "b", "[::1]:26379", "c:x"]`,
			`{"sentinel_nodes": [{"host": "a", "port": 1}, {"host": "b"}, {"host": "[::1]", "port": 26379}, {"host": "c", "port": "x"}]}`},
		{"p:config.redis.cluster_addresses.func", `{}`, `null`, `{"cluster_nodes": null}`},
		{"p:config.redis.cluster_addresses.func", `{}`, `["a:1"]`, `{"cluster_nodes": [{"ip": "a", "port": 1}]}`},
		{"openid-connect:config.consumer_claim.func", `{}`, `["a", "b"]`, `{"consumer_claims": [["a", "b"]]}`},
		{"openid-connect:config.consumer_claim.func", `{}`, `null`, `{"consumer_claims": null}`},
		{"session:config.cookie_samesite.func", `{}`, `"off"`, `{"cookie_same_site": "Lax"}`},
		{"session:config.cookie_samesite.func", `{}`, `"Lax"`, `{"cookie_same_site": "Lax"}`},
		{"session:config.cookie_idletime.func", `{}`, `null`, `{"idling_timeout": 0}`},
		{"canary:config.hash.func", `{}`, `"whitelist"`, `{"hash": "allow"}`},
		{"canary:config.hash.func", `{}`, `"ip"`, `{"hash": "ip"}`},
	}
	for _, tt := range tests {
		fn := shorthandNamed(tt.name, record(value(t, tt.def)))
		if fn == nil {
			t.Errorf("%s %s: no function", tt.name, tt.def)
			continue
		}
		got, err := fn.Call(t.Context(), value(t, tt.value))
		if err != nil || len(got) != 1 {
			t.Errorf("%s of %s: %v, %v", tt.name, tt.value, got, err)
			continue
		}
		if diff := cmp.Diff(value(t, tt.want), got[0]); diff != "" {
			t.Errorf("%s of %s (-want +got):\n%s", tt.name, tt.value, diff)
		}
	}
	if fn := shorthandNamed("p:config.a.func", schema.Def{"type": "string"}); fn != nil {
		t.Error("a shorthand field that nothing replaces got a function")
	}
}
