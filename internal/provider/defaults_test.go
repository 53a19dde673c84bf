package provider_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// forget returns the world with a provider that keeps nothing beside states, such
// as the published one leaves them.
func (w *world) forget(t testing.TB) *world {
	t.Helper()
	return &world{w.World, w.Protocol(t)}
}

// What the published provider left behind plans empty, whatever defaults it was
// made with; from then on every change is seen.
func TestDefaults_switched(t *testing.T) {
	t.Parallel()
	set := resource.Bundled()
	for _, group := range groups(set.Names(), 4) {
		t.Run(group[0], func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for _, name := range group {
				p, _ := set.Lookup(name)
				t.Run(name, func(t *testing.T) { switched(t, w, p) })
			}
		})
	}
}

func switched(t *testing.T, w *world, p *plugins.Plugin) {
	name := acctest.TypedName(p.Name)
	in, err := resource.All()[name].Root().FromGo(map[string]any{"config": acctest.Configurations(t, p)["minimal"]})
	if err != nil {
		t.Fatal(err)
	}
	written := w.in(object{"config": part(t, in, "config")})
	if resp, _ := w.p.Plan(t, name, written, tftypes.Value{}); len(resp.Diagnostics) > 0 {
		return // Konnect does not take it, which is judged elsewhere
	}
	state := w.create(t, name, written)
	id := text(state, "id")
	doc := w.Get(t, entity.Plugin, w.Scope(), id)
	now := schema.Copy(object{"config": doc["config"]}).(map[string]any)
	changed := acctest.Older(p, doc)
	w.Change(t, entity.Plugin, w.Scope(), id, object{"config": doc["config"]})
	state, _ = w.p.Read(t, name, state) // as a provider that takes over what there is

	there := w.forget(t)
	quiet(t, there, name, written, state)
	t.Logf("%d values that once were the default: %v", len(changed), changed)
	if !slices.ContainsFunc(changed, func(place string) bool {
		v := schema.Dotted(place).Get(now)
		_, ordered := v.([]any)
		return !ordered && v != nil
	}) {
		return // to leave a default to the server, or to put it in order, is no change
	}
	kept := there.refresh(t, name, state)
	w.Change(t, entity.Plugin, w.Scope(), id, now)
	drifted := there.refresh(t, name, kept)
	if resp, plan := there.p.Plan(t, name, written, drifted); len(resp.Diagnostics) > 0 || len(acctest.Changes(acctest.Go(drifted), acctest.Go(plan))) == 0 {
		t.Errorf("a change is not seen: %s", acctest.Text(resp.Diagnostics))
	}
}

// quiet insists on a plan without changes and warnings, first and after a refresh.
func quiet(t *testing.T, w *world, name string, written object, state tftypes.Value) {
	t.Helper()
	for range 2 {
		resp, plan := w.p.Plan(t, name, written, state)
		if changes := acctest.Changes(acctest.Go(state), acctest.Go(plan)); len(changes) > 0 || len(resp.Diagnostics) > 0 {
			t.Errorf("the plan changes %v: %s", changes, acctest.Text(resp.Diagnostics))
		}
		state = w.refresh(t, name, state)
	}
}

func part(t testing.TB, v tftypes.Value, name string) tftypes.Value {
	t.Helper()
	var fields map[string]tftypes.Value
	if err := v.As(&fields); err != nil {
		t.Fatal(err)
	}
	return fields[name]
}

// Drift from a default is seen as soon as the default is known that counted.
func TestDefaults_drift(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, written := range map[string]object{
		acctest.TypedName("http-log"): w.in(object{"config": object{"http_endpoint": "http://a.example"}}),
		plugin:                        w.in(object{"name": "tcp-log", "config": object{"host": "a.example", "port": 1}}),
	} {
		state := w.create(t, name, written)
		w.settled(t, name, written, state)
		doc := w.Get(t, entity.Plugin, w.Scope(), text(state, "id"))
		config, _ := doc["config"].(map[string]any)
		if config["ssl_verify"] != false {
			t.Errorf("%s: %v", name, config)
		}
		config["ssl_verify"] = true
		w.Change(t, entity.Plugin, w.Scope(), text(state, "id"), object{"config": config})
		if changed, _, _ := w.plan(t, name, written, state); len(changed) == 0 {
			t.Errorf("%s: the change is not seen", name)
		}
		// Without a mark, what the state held before counts.
		if changed, _, _ := w.forget(t).plan(t, name, written, state); len(changed) == 0 {
			t.Errorf("%s: the change is not seen without a mark", name)
		}
		state = w.apply(t, name, written, w.refresh(t, name, state))
		w.settled(t, name, written, state)
	}
}

// A route that says nothing of its protocols keeps those that once were the
// default, and gets those of now when it is made anew.
func TestDefaults_route(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	state := w.create(t, route, w.in(object{"paths": list("/a"), "protocols": list("https")}))
	left := w.in(object{"paths": list("/a")})
	w.wantChanges(t, route, left, state, "protocols", "updated_at") // the line was taken out
	there := w.forget(t)
	quiet(t, there, route, left, state)
	there.wantChanges(t, route, w.in(object{"paths": list("/b")}), state, "paths", "updated_at")
	state = there.apply(t, route, w.in(object{"paths": list("/b")}), there.refresh(t, route, state))
	quiet(t, there, route, w.in(object{"paths": list("/b")}), state)
}

// mark is private state with a default for one field.
func mark(defaults string) []byte {
	return []byte(`{"format":"konnect-defaults-1","defaults":` + defaults + `}`)
}

// A default that changed since the last plan changes nothing: the value stays, and
// a warning says so at the attribute. Drift from it is drift.
func TestDefaults_changed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		name, resource string
		config         object
		field          string
		was            any
		defaults       string
		want           string
	}{
		{
			"typed", acctest.TypedName("http-log"), object{"config": object{"http_endpoint": "http://a.example"}}, "timeout", 5, `{"config":{"timeout":5}}`,
			"WARNING [config] Questionable gateway plugin: config.timeout: it is left out and stays 5, as it was when the resource was last planned; the default is 10000 now.",
		},
		{
			"dynamic", plugin, object{"name": "tcp-log", "config": object{"host": "a.example", "port": 1}}, "timeout", 5, `{"config":{"timeout":5}}`,
			"WARNING [config] Questionable gateway plugin: config.timeout: it is left out and stays 5",
		},
		{
			"text", plugin, object{"name": "udp-log", "config": `{"host":"a.example","port":1}`}, "timeout", 5, `{"config":{"timeout":5}}`,
			"WARNING [config] Questionable gateway plugin: config.timeout: it is left out and stays 5",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			written := w.in(c.config)
			state := w.create(t, c.resource, written)
			id := text(state, "id")
			doc := w.Get(t, entity.Plugin, w.Scope(), id)
			config, _ := doc["config"].(map[string]any)
			now := schema.Copy(config)
			config[c.field] = c.was
			w.Change(t, entity.Plugin, w.Scope(), id, object{"config": config})
			w.p.Keep(t, c.resource, state, mark(c.defaults))
			state = w.refresh(t, c.resource, state)
			w.p.Keep(t, c.resource, state, mark(c.defaults))

			resp, plan := w.p.Plan(t, c.resource, written, state)
			says(t, resp.Diagnostics, c.want)
			if changed := acctest.Changes(acctest.Go(state), acctest.Go(plan)); len(changed) > 0 {
				t.Errorf("the plan changes %v", changed)
			}
			tagged := object{"tags": list("a")}
			for k, v := range written {
				tagged[k] = v
			}
			resp, _ = w.p.Plan(t, c.resource, tagged, state)
			if !strings.Contains(string(resp.PlannedPrivate), `"timeout":5`) {
				t.Errorf("an update forgets: %s", resp.PlannedPrivate)
			}
			after, diags := w.p.Apply(t, c.resource, tagged, state)
			says(t, diags)
			doc = w.Get(t, entity.Plugin, w.Scope(), id)
			if got := doc["config"].(map[string]any)[c.field]; !schema.Equal(got, json.Number("5")) {
				t.Errorf("an update sends %v", got)
			}
			w.Change(t, entity.Plugin, w.Scope(), id, object{"config": now})
			drifted := w.refresh(t, c.resource, after)
			_, plan = w.p.Plan(t, c.resource, tagged, drifted)
			if changed := acctest.Changes(acctest.Go(drifted), acctest.Go(plan)); len(changed) == 0 {
				t.Error("drift is not seen")
			}
		})
	}
}

// New resources get the default of the oldest data planes.
func TestDefaults_minimumVersion(t *testing.T) {
	t.Parallel()
	config := object{"name": "ai-prompt-decorator", "config": object{"prompts": object{"append": list(object{"role": "user", "content": "a"})}}}
	for version, want := range map[string]string{"3.12": "8192", "3.13": "1048576"} {
		w := newWorld(t)
		says(t, w.p.Configure(t, object{"embedded": object{"path": "konnect.db"}, "minimum_data_plane_version": version}))
		says(t, w.p.Validate(t, plugin, w.in(config)))
		state := w.create(t, plugin, w.in(config))
		doc := w.Get(t, entity.Plugin, w.Scope(), text(state, "id"))
		if got := doc["config"].(map[string]any)["max_request_body_size"]; !schema.Equal(got, json.Number(want)) {
			t.Errorf("%s: %v", version, got)
		}
		w.settled(t, plugin, w.in(config), state)
	}
}

// Private state of others is no mark, and no reason to fail.
func TestDefaults_foreignPrivate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	name, written := acctest.TypedName("http-log"), w.in(object{"config": object{"http_endpoint": "http://a.example"}})
	state := w.create(t, name, written)
	for _, private := range []string{
		"", "null", "{}", "[]", `"x"`, "{", "\x00\xff", `{".frameworkKey":"eyJhIjoxfQ=="}`, `{"defaults":{"config":{"timeout":1}}}`,
		`{"format":"konnect-defaults-1"}`, `{"format":"konnect-defaults-1","defaults":[1]}`, `{"format":"konnect-defaults-1","defaults":{"config":7}}`,
		`{"format":"konnect-defaults-1","defaults":{"config":{"timeout":"x","colour":1,"queue":[],"headers":5}}}`,
		`{"format":"konnect-defaults-1","defaults":{"config":{"timeout":-1e999}}}`, `{"format":"konnect-defaults-1","found":"x"}`,
		`{"format":"konnect-defaults-1","defaults":{"config":{"method":"NONE"}}}`,
	} {
		w.p.Keep(t, name, state, []byte(private))
		resp, plan := w.p.Plan(t, name, written, w.refresh(t, name, state))
		if changed := acctest.Changes(acctest.Go(state), acctest.Go(plan)); len(changed) > 0 || len(resp.Diagnostics) > 0 {
			t.Errorf("%s: the plan changes %v: %s", private, changed, acctest.Text(resp.Diagnostics))
		}
	}
}

// What clients of the published provider made of defaults, and what control planes
// hold in their place, is no change where the configuration says nothing.
func TestDefaults_alike(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		plugin string
		config object
		held   object
	}{
		{"openid-connect", object{"issuer": "https://a.example", "client_id": list("a")}, object{
			"scopes": []any{}, "consumer_claims": list([]any{}), "consumer_by": list("custom_id", "username"), "logout_methods": list("DELETE", "POST"),
			"bearer_token_param_type": list("body", "header", "query"),
		}},
		{"key-auth", object{}, object{"identity_realms": []any{}}},
		{"cors", object{}, object{"methods": list("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE")}},
		{"proxy-cache-advanced", object{"strategy": "memory"}, object{"content_type": list("application/json", "text/plain")}},
		{
			"ai-rate-limiting-advanced", object{"strategy": "local", "llm_providers": list(object{"name": "openai", "limit": list(5), "window_size": list(60)})},
			object{"error_message": "AI token rate limit exceeded for provider(s):"},
		},
	} {
		for _, name := range []string{acctest.TypedName(c.plugin), plugin} {
			t.Run(name+" "+c.plugin, func(t *testing.T) {
				written := w.in(object{"config": c.config})
				if name == plugin {
					written["name"] = c.plugin
				}
				state := w.create(t, name, written)
				id := text(state, "id")
				config, _ := w.Get(t, entity.Plugin, w.Scope(), id)["config"].(map[string]any)
				for k, v := range c.held {
					config[k] = v
				}
				w.Change(t, entity.Plugin, w.Scope(), id, object{"config": config})
				state, _ = w.p.Read(t, name, state)
				there := w.forget(t)
				quiet(t, there, name, written, there.refresh(t, name, state))
				if _, diags := w.p.Apply(t, name, nil, state); len(diags) > 0 {
					t.Fatal(acctest.Text(diags))
				}
			})
		}
	}
	// Unset, it was sent as false.
	written := w.in(object{"name": "acl", "config": object{"allow": list("a")}})
	off := w.in(object{"name": "acl", "config": object{"allow": list("a")}, "enabled": false})
	state := w.create(t, "konnect_gateway_custom_plugin", off)
	there := w.forget(t)
	resp, plan := there.p.Plan(t, "konnect_gateway_custom_plugin", written, there.refresh(t, "konnect_gateway_custom_plugin", state))
	says(t, resp.Diagnostics, "WARNING [] Questionable gateway plugin: enabled: it is left out and stays false")
	if changed := acctest.Changes(acctest.Go(state), acctest.Go(plan)); len(changed) > 0 {
		t.Errorf("the plan changes %v", changed)
	}
}

// Where a list of records is the default, it stays as a whole.
func TestDefaults_listOfRecords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"datadog", "statsd"} {
		typed, written := acctest.TypedName(name), w.in(object{"config": object{}})
		state := w.create(t, typed, written)
		id := text(state, "id")
		config, _ := w.Get(t, entity.Plugin, w.Scope(), id)["config"].(map[string]any)
		all, _ := config["metrics"].([]any)
		config["metrics"] = all[:1]
		private, err := json.Marshal(all[:1])
		if err != nil {
			t.Fatal(err)
		}
		was := mark(`{"config":{"metrics":` + string(private) + `}}`)
		w.Change(t, entity.Plugin, w.Scope(), id, object{"config": config})
		w.p.Keep(t, typed, state, was)
		state = w.refresh(t, typed, state)
		resp, plan := w.p.Plan(t, typed, written, state)
		says(t, resp.Diagnostics, "WARNING [config] Questionable gateway plugin: config.metrics: it is left out and stays ")
		if changed := acctest.Changes(acctest.Go(state), acctest.Go(plan)); len(changed) > 0 {
			t.Errorf("%s: the plan changes %v", name, changed)
		}
		config["metrics"] = all[1:]
		w.Change(t, entity.Plugin, w.Scope(), id, object{"config": config})
		drifted := w.refresh(t, typed, state)
		_, plan = w.p.Plan(t, typed, written, drifted)
		if got, want := acctest.Changes(acctest.Go(state), acctest.Go(plan)), []string{"updated_at"}; !slices.Equal(got, want) {
			t.Errorf("%s: over a change by hand the plan differs in %v, want %v", name, got, want)
		}
	}
}
