package plugins_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

var bundled = plugins.Bundled(entity.Plugin.Schema(), entity.Schemas)

func TestBundled_compiles(t *testing.T) {
	t.Parallel()
	if n := len(bundled.Names()); n < 115 {
		t.Errorf("only %d plugins are bundled", n)
	}
	for _, name := range bundled.Names() {
		p, err := bundled.Load(name)
		if err != nil {
			t.Error(err)
			continue
		}
		if p.Name != name || p.Schema.Field("config") == nil || p.Info == nil || p.Custom {
			t.Errorf("%s: an incomplete plugin: %+v", name, p)
		}
	}
}

// The schema of every plugin has Konnect's defaults, and the gateway's are known
// beside them.
func TestBundled_konnectDefaults(t *testing.T) {
	t.Parallel()
	places := 0
	for _, name := range bundled.Names() {
		p, err := bundled.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		rules, err := p.Info.KonnectRules()
		if err != nil {
			t.Fatal(err)
		}
		for place, want := range rules.Defaults {
			places++
			path, err := schema.ParsePath(place)
			if err != nil {
				t.Fatal(err)
			}
			if f := p.Schema.FieldAt(path); f == nil || !schema.Equal(f.Default, want) || !schema.Equal(f.Def["default"], want) {
				t.Errorf("%s: %s: the default is %v", name, place, f)
			}
			if own, known := p.Info.GatewayDefaults[place]; !known || schema.Equal(own, want) {
				t.Errorf("%s: %s: the gateway's default is %v", name, place, own)
			}
		}
		if len(p.Info.GatewayDefaults) != len(rules.Defaults) {
			t.Errorf("%s: %v", name, p.Info.GatewayDefaults)
		}
	}
	if places != 70 {
		t.Errorf("%d defaults", places)
	}
}

// examples is a file of testdata/examples.
type examples struct {
	Valid []struct {
		Config map[string]any
	}
	Invalid []struct {
		Config map[string]any
		At     []string // places of the faults, [] for any element
	}
}

func readExamples(t testing.TB) map[string]examples {
	t.Helper()
	files, err := filepath.Glob("testdata/examples/*.json")
	if err != nil || len(files) < 90 {
		t.Fatalf("%d files of examples, %v", len(files), err)
	}
	all := make(map[string]examples)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		var e examples
		if err := d.Decode(&e); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all[strings.TrimSuffix(filepath.Base(file), ".json")] = e
	}
	return all
}

// violations completes and judges a plugin of that configuration.
func violations(t testing.TB, plugin string, config map[string]any) (map[string]any, []*schema.Violation) {
	t.Helper()
	s := bundled.Schema()
	in := map[string]any{"name": plugin, "config": config}
	complete, errs := s.ProcessAutoFields(t.Context(), in, schema.Insert, schema.Auto{})
	if errs != nil {
		return nil, errs.Violations()
	}
	return complete, s.Validate(t.Context(), complete, schema.Insert).Violations()
}

func TestBundled_examples(t *testing.T) {
	t.Parallel()
	for plugin, e := range readExamples(t) {
		for i, example := range e.Valid {
			if _, broken := violations(t, plugin, example.Config); len(broken) > 0 {
				t.Errorf("%s, example %d: %v", plugin, i, broken)
			}
		}
		for i, example := range e.Invalid {
			_, broken := violations(t, plugin, example.Config)
			for _, place := range example.At {
				if !slices.ContainsFunc(broken, func(v *schema.Violation) bool { return sansIndexes(v.Path) == place }) {
					t.Errorf("%s, invalid example %d: no violation at %s among %v", plugin, i, place, broken)
				}
			}
		}
	}
}

var index = regexp.MustCompile(`\[\d+\]`)

func sansIndexes(p schema.Path) string { return index.ReplaceAllString(p.String(), "[]") }

// Completing what is complete changes nothing, and stays valid.
func TestBundled_completesOnce(t *testing.T) {
	t.Parallel()
	for plugin, e := range readExamples(t) {
		for i, example := range e.Valid {
			once, broken := violations(t, plugin, example.Config)
			if len(broken) > 0 {
				continue // reported above
			}
			twice, errs := bundled.Schema().ProcessAutoFields(t.Context(), once, schema.Insert, schema.Auto{})
			delete(once, "updated_at")
			delete(twice, "updated_at")
			if errs != nil || !schema.Equal(once, twice) {
				t.Errorf("%s, example %d: completing it again gives another configuration (%v)", plugin, i, errs)
			}
		}
	}
}

// eachRecord visits a record and all records inside it.
func eachRecord(f *schema.Field, path string, visit func(r *schema.Schema, path string)) {
	if f == nil {
		return
	}
	if f.Type == schema.Record {
		visit(f.Record, path)
		for _, inner := range f.Record.Fields {
			eachRecord(inner, path+"."+inner.Name, visit)
		}
	}
	eachRecord(f.Elements, path+"[]", visit)
	eachRecord(f.Values, path+"{}", visit)
}

// What a shorthand field moves its value to is there.
func TestBundled_shorthandTargets(t *testing.T) {
	t.Parallel()
	moved := 0
	for _, name := range bundled.Names() {
		p, _ := bundled.Lookup(name)
		eachRecord(p.Schema.Field("config"), "config", func(r *schema.Schema, path string) {
			for _, f := range r.ShorthandFields {
				var targets []schema.Path
				if f.Deprecation != nil {
					for _, to := range f.Deprecation.ReplacedWith {
						targets = append(targets, to.Path)
					}
				}
				if to, _ := f.Def["maps_to"].(string); to != "" {
					targets = append(targets, schema.Dotted(to))
				}
				for _, target := range targets {
					moved++
					if r.FieldAt(target) == nil {
						t.Errorf("%s, %s.%s: there is no field %v", name, path, f.Name, target)
					}
				}
			}
		})
	}
	if moved < 100 {
		t.Errorf("only %d replacements", moved)
	}
}

// Old names and unusual forms, with what of the configuration they come to.
func TestBundled_translates(t *testing.T) {
	t.Parallel()
	tests := []struct{ plugin, config, path, want string }{
		{"rate-limiting", `{"minute": 1, "policy": "redis", "redis_host": "h.example.com"}`, "redis.host", `"h.example.com"`},
		{"rate-limiting", `{"minute": 1, "redis": {"port": "{vault://env/port}"}}`, "redis.port", `"{vault://env/port}"`},
		{"rate-limiting-advanced", `{"limit": [1], "window_size": [60], "namespace": "n", "redis": {"sentinel_addresses": ["a:26379"], "sentinel_master": "m", "sentinel_role": "any"}}`,
			"redis.sentinel_nodes", `[{"host": "a", "port": 26379}]`},
		{"rate-limiting-advanced", `{"limit": [1], "window_size": [60], "namespace": "n", "redis": {"timeout": 7}}`, "redis.send_timeout", `7`},
		{"session", `{"cookie_lifetime": 60, "cookie_renew": 5}`, "rolling_timeout", `60`},
		{"openid-connect", `{"issuer": "https://idp.example.com", "consumer_claim": ["sub"]}`, "consumer_claims", `[["sub"]]`},
		{"openid-connect", `{"issuer": "https://idp.example.com", "session_redis_host": "r.example.com"}`, "redis.host", `"r.example.com"`},
		{"opentelemetry", `{"endpoint": "http://otel.example.com"}`, "traces_endpoint", `"http://otel.example.com"`},
		{"opentelemetry", `{"access_logs_endpoint": "http://otel.example.com"}`, "access_logs.endpoint", `"http://otel.example.com"`},
		{"canary", `{"percentage": 1, "upstream_host": "u.example.com", "hash": "whitelist"}`, "hash", `"allow"`},
		{"acme", `{"account_email": "me@example.com", "tos_accepted": true, "storage": "redis", "storage_config": {"redis": {"host": "h", "namespace": "n"}}}`,
			"storage_config.redis.extra_options.namespace", `"n"`},
	}
	for _, tt := range tests {
		var config map[string]any
		if err := json.Unmarshal([]byte(tt.config), &config); err != nil {
			t.Fatal(err)
		}
		complete, broken := violations(t, tt.plugin, config)
		if len(broken) > 0 {
			t.Errorf("%s %s: %v", tt.plugin, tt.config, broken)
			continue
		}
		at := complete["config"]
		for _, name := range strings.Split(tt.path, ".") {
			at, _ = child(at, schema.Key(name))
		}
		var want any
		if err := json.Unmarshal([]byte(tt.want), &want); err != nil {
			t.Fatal(err)
		}
		if !schema.Equal(want, at) {
			t.Errorf("%s %s: %s is %v, want %s", tt.plugin, tt.config, tt.path, at, tt.want)
		}
	}
}

// Rules in code report the place that they are about.
func TestBundled_refuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ plugin, config, want string }{
		{"rate-limiting", `{"second": 10, "minute": 5}`, "config: The limit for minute(5.0) cannot be lower than the limit for second(10.0)"},
		{"rate-limiting", `{"minute": 5, "redis": {"host": "h:80"}}`, "config.redis.host: must not have a port"},
		{"rate-limiting", `{"minute": 5, "policy": "redis"}`, "config.redis.host: required field missing"},
		{"rate-limiting", `{"minute": 5, "redis_port": 1, "redis": {"port": 2}}`,
			"config.redis_port: both deprecated and new field are used but their values mismatch: redis_port = 1 vs redis.port = 2"},
		{"response-ratelimiting", `{"limits": {"a": {"hour": 2, "day": 1}}}`, "config.limits.a: the limit for day(1.0) cannot be lower than the limit for hour(2.0)"},
		{"request-termination", `{"message": "m", "body": "b"}`, "config: message cannot be used with content_type or body"},
		{"cors", `{"origins": ["*", "["]}`, "config.origins[1]: '[' is not a valid regex"},
		{"http-log", `{"http_endpoint": "http://u@h", "headers": {"Authorization": "x"}}`,
			"config: specifying both an 'Authorization' header and user info in 'http_endpoint' is not allowed"},
		{"http-log", `{"http_endpoint": "http://h", "headers": {"host": "x"}}`, "config.headers.host: cannot contain 'Host' header"},
		{"http-log", `{"http_endpoint": "h"}`, "config.http_endpoint: missing host in url"},
		{"aws-lambda", `{"function_name": "f", "proxy_url": "https://p"}`, "proxy_url scheme must be http"},
		{"acme", `{"account_email": "me@example.com", "tos_accepted": true}`, `"shm" storage can't be used in Hybrid mode`},
		{"acme", `{"account_email": "me@example.com", "tos_accepted": true, "storage_config": {"shm": {"shm_name": "no such zone"}}}`, "config.storage_config.shm.shm_name: failed validating: no such zone"},
		{"aws-lambda", `{"function_name": "f", "proxy_url": "plain"}`, "config.proxy_url: missing host in url"},
		{"oauth2", `{"scopes": ["a"]}`, "config: at least one of these fields must be true: enable_authorization_code, enable_implicit_grant, enable_client_credentials, enable_password_grant"},
		{"zipkin", `{"static_tags": [{"name": "a", "value": "1"}, {"name": "a", "value": "2"}]}`, "config.static_tags: repeated tags are not allowed: a"},
		{"pre-function", `{"access": ["return 1 +"]}`, `config.access[0]: error parsing pre-function: [string "return 1 +"]:1: unexpected symbol near '<eof>'`},
		{"file-log", `{"path": "a*b"}`, "config.path: not a valid filename"},
		{"file-log", `{"path": "/tmp/x", "custom_fields_by_lua": {"a": "return 1 +"}}`,
			`config.custom_fields_by_lua.a: Error parsing function: [string "return 1 +"]:1: unexpected symbol near '<eof>'`},
		{"request-transformer", `{"add": {"headers": ["X Y:1"]}}`, "config.add.headers[0]: 'X Y' is not a valid header"},
		{"ip-restriction", `{"allow": ["10.0.0.0/33"]}`, "config.allow[0]: invalid ip or cidr range: '10.0.0.0/33'"},
		{"opentelemetry", `{"header_type": "w3c"}`,
			"config: at least one of these fields must be non-empty: 'traces_endpoint', 'logs_endpoint', 'metrics.endpoint', 'access_logs.endpoint'"},
		{"datakit", `{"nodes": [{"name": "a", "type": "jq", "jq": ".", "url": "http://x"}]}`, "config.nodes[0].url: unknown field"},
		{"ldap-auth", `{"ldap_host": "h", "base_dn": "d", "attribute": "a", "ldaps": true, "start_tls": true}`, "config: 'ldaps' and 'start_tls' cannot be enabled simultaneously"},
	}
	for _, tt := range tests {
		var config map[string]any
		if err := json.Unmarshal([]byte(tt.config), &config); err != nil {
			t.Fatal(err)
		}
		_, broken := violations(t, tt.plugin, config)
		if !slices.ContainsFunc(broken, func(v *schema.Violation) bool { return v.Error() == tt.want }) {
			t.Errorf("%s %s:\n got %v\nwant %s", tt.plugin, tt.config, broken, tt.want)
		}
	}
}
