package provider_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// Forms in which the published attributes hold what the document has in
// another: all of them survive the way there and back.
func TestTyped_forms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, c := range map[string]struct {
		plugin string
		config object
		stored object // what the control plane holds of it
	}{
		"number as text": {
			"rate-limiting", object{"minute": 5, "policy": "redis", "redis": object{"host": "r.example", "port": "6380"}},
			object{"redis": object{"port": json.Number("6380")}},
		},
		"number as text, written oddly": {
			"rate-limiting", object{"minute": 5, "policy": "redis", "redis": object{"host": "r.example", "port": "06380"}},
			object{"redis": object{"port": json.Number("6380")}},
		},
		"reference in place of a number": {
			"rate-limiting", object{"minute": 5, "policy": "redis", "redis": object{"host": "r.example", "port": "{vault://env/port}"}},
			object{"redis": object{"port": "{vault://env/port}"}},
		},
		"names of headers": {
			"proxy-cache", object{"strategy": "memory", "response_headers": object{"x_cache_key": false}},
			object{"response_headers": object{"X-Cache-Key": false, "X-Cache-Status": true}},
		},
		"JSON as text": {
			"datakit", object{"nodes": list(object{"static": object{"name": "A", "values": `{ "b": [1, null, "c"], "a": {} }`}})},
			object{"nodes": []any{object{"type": "static", "name": "A", "values": object{"b": []any{json.Number("1"), nil, "c"}, "a": object{}}}}},
		},
		"records of several kinds": {
			"datakit", object{"nodes": list(object{"jq": object{"name": "A", "jq": "."}}, object{"exit": object{"name": "B", "inputs": object{"body": "A"}}})},
			object{"nodes": []any{object{"type": "jq", "jq": "."}, object{"type": "exit", "inputs": object{"body": "A"}}}},
		},
		"lists of objects for JSON": {
			"ai-mcp-proxy", object{"mode": "conversion-only", "tools": list(object{
				"description": "d", "method": "GET", "path": "/a", "parameters": list(object{"name": "q", "in": "query", "required": true, "schema": object{"type": "string"}}),
			})},
			object{"tools": []any{object{"parameters": []any{object{"name": "q", "in": "query", "required": true, "schema": object{"type": "string"}}}}}},
		},
		"an empty list where there is a default": {
			"openid-connect", object{"issuer": "https://a.example", "login_tokens": list(), "scopes": list()},
			object{"login_tokens": []any{}, "scopes": []any{}},
		},
		"an old name": {
			"openid-connect", object{"issuer": "https://a.example", "consumer_claim": list("sub")},
			object{"consumer_claims": []any{[]any{"sub"}}},
		},
		"an old name of a nested field": {
			"opentelemetry", object{"access_logs_endpoint": "https://a.example/logs"},
			object{"access_logs": object{"endpoint": "https://a.example/logs"}},
		},
		"nulls": {
			"kafka-upstream", object{
				"topic": "t", "bootstrap_servers": list(object{"host": "a.example", "port": 9092}), "cluster_name": "c",
				"authentication": nil, "security": nil, "schema_registry": nil, "topics_query_arg": nil,
			},
			object{"cluster_name": "c"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			resource, config := acctest.TypedName(c.plugin), w.in(object{"config": c.config})
			state := w.create(t, resource, config)
			stored := w.Get(t, entity.Plugin, w.Scope(), text(state, "id"))["config"]
			if lack := acctest.Lacks(stored, c.stored); len(lack) > 0 {
				t.Errorf("stored is not as wanted at %v: %v", lack, stored)
			}
			w.settled(t, resource, config, state)
			if !strings.HasPrefix(name, "an old name") { // an import finds the new one
				w.imported(t, resource, config, state)
			}
			if _, diags := w.p.Apply(t, resource, nil, state); len(diags) > 0 {
				t.Errorf("delete: %s", acctest.Text(diags))
			}
		})
	}
}

func TestTyped_invalid(t *testing.T) {
	t.Parallel()
	p := acctest.Offline(t)
	for name, c := range map[string]struct {
		plugin, want string
		config       object
	}{
		"an enumeration":        {"rate-limiting", `config.policy: expected one of: local, cluster, redis`, object{"minute": 1, "policy": "locall"}},
		"a combination":         {"acl", `exactly one of these fields must be non-empty: 'config.allow', 'config.deny'`, object{}},
		"a port":                {"rate-limiting", `config.redis.port: value should be between 0 and 65535`, object{"minute": 1, "policy": "redis", "redis": object{"host": "a.example", "port": "99999"}}},
		"a port of letters":     {"rate-limiting", `config.redis.port: `, object{"minute": 1, "policy": "redis", "redis": object{"host": "a.example", "port": "http"}}},
		"no JSON":               {"datakit", `config.nodes[0].static.values: the text is not JSON`, object{"nodes": list(object{"static": object{"name": "A", "values": "{"}})}},
		"two kinds":             {"datakit", `config.nodes[0]: it is given as exit and jq`, object{"nodes": list(object{"jq": object{"jq": "."}, "exit": object{}})}},
		"no kind":               {"datakit", `config.nodes[1]: no kind is given. Wanted is one of branch, cache`, object{"nodes": list(object{"exit": object{"name": "A"}}, object{})}},
		"a field of a kind":     {"datakit", `config.nodes[0].status: value should be between 200 and 599`, object{"nodes": list(object{"exit": object{"name": "A", "status": 42}})}},
		"old and new at once":   {"opentelemetry", `access_logs`, object{"access_logs_endpoint": "https://a.example", "access_logs": object{"endpoint": "https://b.example"}}},
		"none of several":       {"rate-limiting", `at least one of these fields must be non-empty`, object{"policy": "local"}},
		"an unknown plugin key": {"app-dynamics", `config.a: unknown field`, object{"a": "b"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := acctest.Text(p.Validate(t, acctest.TypedName(c.plugin), in(object{"config": c.config}))); !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// Old names are translated, with a warning that names the new place.
func TestTyped_oldNames(t *testing.T) {
	t.Parallel()
	p := acctest.Offline(t)
	for name, c := range map[string]struct {
		resource, want string
		config         object
	}{
		"typed":            {acctest.TypedName("openid-connect"), "config.consumer_claim: It is the old name of `config.consumer_claims`", object{"config": object{"issuer": "https://a.example", "consumer_claim": list("sub")}}},
		"typed, nested":    {acctest.TypedName("opentelemetry"), "config.access_logs_endpoint: It is the old name of `config.access_logs.endpoint`", object{"config": object{"access_logs_endpoint": "https://a.example"}}},
		"dynamic":          {plugin, "config.redis_host: It is the old name of `config.redis.host`", object{"name": "rate-limiting", "config": object{"minute": 1, "policy": "redis", "redis_host": "a.example"}}},
		"dynamic, by code": {plugin, "config.cookie_idletime: It is the old name of `config.idling_timeout`", object{"name": "session", "config": object{"cookie_idletime": 60}}},
		"without a place":  {plugin, "config.cookie_renew: It has no meaning any more", object{"name": "session", "config": object{"cookie_renew": 60}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := acctest.Text(p.Validate(t, c.resource, in(c.config)))
			if !strings.Contains(got, "WARNING") || strings.Contains(got, "ERROR") || !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// What changes behind Terraform's back shows, and nothing else does.
func TestTyped_drift(t *testing.T) {
	t.Parallel()
	w := newWorld(t).unverified(t)
	resource := acctest.TypedName("rate-limiting")
	config := w.in(object{"config": object{"minute": 5, "policy": "redis", "redis": object{"host": "a.example"}}})
	state := w.create(t, resource, config)
	change := func(fields object) {
		held := w.Get(t, entity.Plugin, w.Scope(), text(state, "id"))["config"].(map[string]any)
		for k, v := range fields {
			held[k] = v
		}
		w.Change(t, entity.Plugin, w.Scope(), text(state, "id"), object{"config": held})
	}
	change(object{"limit_by": "ip", "hour": 7})
	w.wantChanges(t, resource, config, state, "config.hour", "config.limit_by", "updated_at")
	state = w.apply(t, resource, config, w.refresh(t, resource, state))
	w.settled(t, resource, config, state)
	change(object{"redis": object{"host": "b.example", "port": 6379, "database": 3}})
	w.wantChanges(t, resource, config, state, "config.redis.database", "config.redis.host", "updated_at")
	state = w.apply(t, resource, config, w.refresh(t, resource, state))
	w.Remove(t, entity.Plugin, w.Scope(), text(state, "id"))
	if gone := w.refresh(t, resource, state); !gone.IsNull() {
		t.Errorf("still there: %v", acctest.Go(gone))
	}
}

// Drift of a value that stands under an old name shows under the new one.
func TestTyped_oldNameDrift(t *testing.T) {
	t.Parallel()
	w := newWorld(t).unverified(t)
	resource := acctest.TypedName("openid-connect")
	config := w.in(object{"config": object{"issuer": "https://a.example", "consumer_claim": list("sub")}})
	state := w.create(t, resource, config)
	held := w.Get(t, entity.Plugin, w.Scope(), text(state, "id"))["config"].(map[string]any)
	held["consumer_claims"] = []any{[]any{"email"}}
	w.Change(t, entity.Plugin, w.Scope(), text(state, "id"), object{"config": held})
	w.wantChanges(t, resource, config, state, "config.consumer_claims", "updated_at")
	state = w.apply(t, resource, config, w.refresh(t, resource, state))
	w.settled(t, resource, config, state)
	// The new name says the same.
	renamed := w.in(object{"config": object{"issuer": "https://a.example", "consumer_claims": list(list("sub"))}})
	state = w.apply(t, resource, renamed, state)
	w.settled(t, resource, renamed, state)
}

// Only what depends on an unknown value is unknown.
func TestTyped_unknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, c := range map[string]struct {
		plugin string
		config object
		want   []string
	}{
		"a leaf":       {"rate-limiting", object{"minute": acctest.Unknown, "policy": "local"}, []string{"config.minute"}},
		"in a list":    {"kafka-log", object{"topic": "t", "bootstrap_servers": list(object{"host": acctest.Unknown, "port": 1})}, []string{"config.bootstrap_servers[0].host", "config.cluster_name"}},
		"a whole kind": {"datakit", object{"nodes": list(object{"exit": acctest.Unknown})}, []string{"config.nodes[0].exit"}},
		"all of it":    {"datakit", object{"nodes": acctest.Unknown}, []string{"config.nodes"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resp, plan := w.p.Plan(t, acctest.TypedName(c.plugin), w.in(object{"config": c.config}), tftypes.Value{})
			if len(resp.Diagnostics) > 0 {
				t.Fatal(acctest.Text(resp.Diagnostics))
			}
			got := slices.DeleteFunc(acctest.Unknowns(acctest.Go(plan)), func(path string) bool { return !strings.HasPrefix(path, "config") })
			if !slices.Equal(got, c.want) {
				t.Errorf("unknown are %v, want %v", got, c.want)
			}
		})
	}
}

// What surrounds the configuration: scope, order, partials and the rest.
func TestTyped_frame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	service := w.Make(t, entity.Service, w.Scope(), object{"host": "a.example"})["id"]
	resource := acctest.TypedName("rate-limiting")
	full := w.in(object{
		"config": object{"minute": 5, "policy": "local"}, "service": object{"id": service}, "enabled": false, "instance_name": "limit",
		"tags": list("b", "a"), "protocols": list("https"), "ordering": object{"before": object{"access": list("key-auth")}},
		"condition": "http.method == \"GET\"",
	})
	state := w.create(t, resource, full)
	w.settled(t, resource, full, state)
	w.imported(t, resource, full, state)
	bare := w.in(object{"config": object{"minute": 5, "policy": "local"}})
	w.wantChanges(t, resource, bare, state, "condition", "enabled", "instance_name", "ordering", "protocols", "service", "tags", "updated_at")
	state = w.apply(t, resource, bare, state)
	held := w.Get(t, entity.Plugin, w.Scope(), text(state, "id"))
	for _, field := range []string{"service", "condition", "instance_name", "ordering"} {
		if held[field] != nil {
			t.Errorf("%s is still %v", field, held[field])
		}
	}
	w.settled(t, resource, bare, state)
}

// An import names the resource type for the plugin that is there.
func TestTyped_importOfAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	state := w.create(t, acctest.TypedName("acl"), w.in(object{"config": object{"allow": list("a")}}))
	id, err := json.Marshal(object{"id": text(state, "id"), "control_plane_id": w.ID})
	if err != nil {
		t.Fatal(err)
	}
	_, diags := w.p.Import(t, acctest.TypedName("cors"), string(id))
	if got := acctest.Text(diags); !strings.Contains(got, "konnect_gateway_plugin_acl") {
		t.Errorf("got %q", got)
	}
}

// No secret stands in a message, and every field that Kong encrypts is marked.
func TestTyped_secrets(t *testing.T) {
	t.Parallel()
	p := acctest.Offline(t)
	got := acctest.Text(p.Validate(t, acctest.TypedName("jwt-signer"), in(object{"config": object{
		"access_token_introspection_authorization": "Basic aHVudGVyMg==", "realm": "Basic aHVudGVyMg==", "access_token_signing_algorithm": "Basic aHVudGVyMg==",
	}})))
	if strings.Contains(got, "aHVudGVyMg") || !strings.Contains(got, "access_token_signing_algorithm") {
		t.Errorf("got %q", got)
	}
}
