package provider_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// lua is a schema with one more field.
func lua(name, field string) string {
	return `return { name = "` + name + `", fields = { { config = { type = "record", fields = {
		{ size = { type = "integer", default = 3, between = { 1, 9 } } },
		{ token = { type = "string", auto = true } },
		` + field + `
	} } } } }`
}

// Everything that Konnect asks of a schema is asked when a plan is made, and
// where Lua knows the line, so does the message.
func TestPluginSchema_wrong(t *testing.T) {
	t.Parallel()
	p := acctest.Offline(t)
	for name, c := range map[string]struct {
		source string
		want   []string // one diagnostic each
	}{
		"no Lua":          {"return {\n  name = ,\n}", []string{"schema.lua:2:"}},
		"an error":        {"\nerror('boom')", []string{"boom"}},
		"nothing":         {"local x = 1", []string{"schema.lua: schema chunk returned nil"}},
		"no name":         {"return { fields = {} }", []string{"name"}},
		"a bundled name":  {lua("rate-limiting", ""), []string{"bundled plugin"}},
		"an odd name":     {lua("a b", ""), []string{"letters, digits and '-'"}},
		"foreign require": {"local x = require('my.module')\n" + lua("mine", ""), []string{"my.module"}},
		"the kong global": {"local x = kong.configuration.prefix\n" + lua("mine", ""), []string{"schema.lua:1: "}},
		"several rules": {
			`return { name = "mine", fields = { { config = { type = "record", fields = {
				{ a = { type = "strin" } },
				{ b = { type = "integer", between = { "x" } } },
			} } } }, zzz = 1 }`,
			[]string{"a.type", "between", "zzz"},
		},
		"a check of no field": {
			`return { name = "mine", fields = { { config = { type = "record", fields = { { a = { type = "string" } } } } } },
				entity_checks = { { only_one_of = { "config.a", 5 } } } }`,
			[]string{"entity_checks"},
		},
		"a field that plugins lack": {`return { name = "mine", fields = { { zzz = { type = "string" } } } }`, []string{"cannot create a new field"}},
		"a default that is wrong":   {lua("mine", `{ n = { type = "integer", default = "x" } },`), []string{"default"}},
		"endless":                   {"while true do end", []string{"runs for more than"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := p.Validate(t, upload, in(object{"lua_schema": c.source}))
			if len(got) < len(c.want) {
				t.Errorf("want %d diagnostics, got:\n%s", len(c.want), acctest.Text(got))
			}
			all := acctest.Text(got)
			for _, want := range c.want {
				if !strings.Contains(all, want) {
					t.Errorf("want %q in:\n%s", want, all)
				}
			}
			for _, d := range got {
				if d.Attribute == nil || acctest.Path(d.Attribute) != "lua_schema" {
					t.Errorf("not at lua_schema:\n%s", all)
				}
			}
		})
	}
}

// The name is known when a plan is made; another name is another schema.
func TestPluginSchema_lifecycle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.in(object{"lua_schema": lua("mine", "")})
	_, plan := w.p.Plan(t, upload, first, tftypes.Value{})
	if got := text(plan, "name"); got != "mine" {
		t.Errorf("the planned name is %q", got)
	}
	state := w.create(t, upload, first)
	w.settled(t, upload, first, state)

	more := w.in(object{"lua_schema": lua("mine", `{ more = { type = "string" } },`)})
	resp, plan := w.p.Plan(t, upload, more, state)
	if changed := acctest.Changes(acctest.Go(state), acctest.Go(plan)); !slices.Equal(changed, []string{"lua_schema", "updated_at"}) || len(resp.RequiresReplace) > 0 {
		t.Errorf("the plan changes %v, replaces because of %v", changed, resp.RequiresReplace)
	}
	if said := acctest.Text(resp.Diagnostics); !strings.Contains(said, "config.more: optional string without a default was added. Prescribed: short path") {
		t.Errorf("the plan says %q", said)
	}
	state = w.apply(t, upload, more, state)
	w.settled(t, upload, more, state)

	other := w.in(object{"lua_schema": lua("other", "")})
	_, plan, resp = w.plan(t, upload, other, state)
	if len(resp.RequiresReplace) != 1 || acctest.Path(resp.RequiresReplace[0]) != "name" || text(plan, "name") != "other" {
		t.Errorf("replaces because of %v with name %q", resp.RequiresReplace, text(plan, "name"))
	}

	unknown := w.in(object{"lua_schema": acctest.Unknown})
	_, plan, resp = w.plan(t, upload, unknown, state)
	if len(resp.RequiresReplace) > 0 || get(plan, "name") != acctest.Unknown {
		t.Errorf("an unknown text replaces because of %v, with name %v", resp.RequiresReplace, get(plan, "name"))
	}

	imported, diags := w.p.Import(t, upload, `{"control_plane_id":"`+w.ID+`","name":"mine"}`)
	if len(diags) > 0 {
		t.Fatal(acctest.Text(diags))
	}
	w.settled(t, upload, more, imported)

	w.Remove(t, entity.PluginSchema, w.Scope(), "mine")
	if got := w.refresh(t, upload, state); !got.IsNull() {
		t.Error("a refresh leaves a schema that is gone")
	}
	if _, diags := w.p.Apply(t, upload, w.in(object{"lua_schema": lua("mine", "")}), state); !strings.Contains(acctest.Text(diags), "is not there any more") {
		t.Errorf("an update says %s", acctest.Text(diags))
	}
	if _, diags := w.p.Apply(t, upload, nil, state); len(diags) > 0 {
		t.Errorf("a delete says %s", acctest.Text(diags))
	}
}

// A plugin is judged against the schema that the same configuration uploads,
// as soon as that was planned.
func TestPlugin_samePlan(t *testing.T) {
	t.Parallel()
	wrong := object{"name": "mine", "config": object{"size": 99, "siez": 1}}
	for name, c := range map[string]struct {
		uploadTo, useIn any
		planned         bool
	}{
		"new control plane": {acctest.Unknown, acctest.Unknown, true},
		"existing one":      {acctest.SomeID, acctest.SomeID, true},
		"another one":       {acctest.SomeID, acctest.Unknown, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := acctest.Offline(t)
			_, _ = p.Plan(t, upload, object{"control_plane_id": c.uploadTo, "lua_schema": lua("mine", "")}, tftypes.Value{})
			wrong := object{"control_plane_id": c.useIn, "name": wrong["name"], "config": wrong["config"]}
			got := acctest.Text(p.Validate(t, custom, wrong))
			found := strings.Contains(got, "config.size: value should be between 1 and 9") && strings.Contains(got, `config.siez: unknown field. Did you mean "size"?`)
			if found != c.planned || !c.planned && got != "" {
				t.Errorf("got %s", got)
			}
		})
	}
}

// Two new control planes with two schemas of one name: nobody can tell which
// is meant, until their ids are known.
func TestPlugin_ambiguous(t *testing.T) {
	t.Parallel()
	p := acctest.Offline(t)
	for _, source := range []string{lua("mine", ""), lua("mine", `{ other = { type = "string" } },`)} {
		_, _ = p.Plan(t, upload, object{"control_plane_id": acctest.Unknown, "lua_schema": source}, tftypes.Value{})
	}
	if got := p.Validate(t, custom, object{"control_plane_id": acctest.Unknown, "name": "mine", "config": object{"zzz": 1}}); len(got) > 0 {
		t.Error(acctest.Text(got))
	}
}

// A schema that is on the control plane already judges as well; one that is
// nowhere is an error that says what to do.
func TestPlugin_uploaded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Make(t, entity.PluginSchema, w.Scope(), object{"lua_schema": lua("mine", "")})
	w.Make(t, entity.PluginSchema, w.Scope(), object{"lua_schema": lua("audit-stream", "")})
	got := acctest.Text(w.p.Validate(t, custom, w.in(object{"name": "mine", "config": object{"siez": 1}})))
	if !strings.Contains(got, `ERROR [config.siez] Invalid gateway plugin: config.siez: unknown field. Did you mean "size"?`) {
		t.Errorf("got %s", got)
	}
	got = acctest.Text(w.p.Validate(t, custom, w.in(object{"name": "rate-limitng", "config": object{}})))
	for _, want := range []string{"ERROR [name] Unknown plugin", `Did you mean "rate-limiting"?`, "konnect_gateway_custom_plugin_schema"} {
		if !strings.Contains(got, want) {
			t.Errorf("want %q in %s", want, got)
		}
	}
	for _, near := range []struct {
		config object
		want   string
	}{
		{object{"name": "audit-steam", "config": object{}}, `Did you mean "audit-stream"?`},
		{object{"name": "mine", "config": object{}, "condition": "plugins.audit_steam.is_matched"}, "Did you mean plugins.audit_stream?"},
		{object{"name": "mine", "config": object{}, "ordering": object{"before": object{"access": []any{"audit-steam"}}}}, `Did you mean "audit-stream"?`},
	} {
		if got := acctest.Text(w.p.Validate(t, custom, w.in(near.config))); !strings.Contains(got, near.want) {
			t.Errorf("%v: want %q in %s", near.config, near.want, got)
		}
	}
	got = acctest.Text(w.p.Validate(t, custom, object{"control_plane_id": acctest.SomeID, "name": "mine", "config": object{}}))
	if !strings.Contains(got, "ERROR [control_plane_id] Unknown control plane: there is no control plane "+acctest.SomeID) {
		t.Errorf("got %s", got)
	}

	config := w.in(object{"name": "mine", "config": object{"size": 4}})
	_, plan := w.p.Plan(t, custom, config, tftypes.Value{})
	if get(plan, "effective_config", "token") != acctest.Unknown {
		t.Errorf("a value that the server makes is planned as %v", get(plan, "effective_config"))
	}
	state := w.create(t, custom, config)
	made := func() any {
		config, _ := w.Get(t, entity.Plugin, w.Scope(), text(state, "id"))["config"].(map[string]any)
		return config["token"]
	}
	token := made()
	if s, _ := token.(string); len(s) != 32 {
		t.Errorf("the server made %q", token)
	}
	if got := text(state, "effective_config", "token"); got != document.Concealed {
		t.Errorf("state shows what the server made: %s", got)
	}
	w.settled(t, custom, config, state)
	next := w.in(object{"name": "mine", "config": object{"size": 5}})
	w.wantChanges(t, custom, next, state, "config.size", "effective_config.size", "updated_at")
	state = w.apply(t, custom, next, w.refresh(t, custom, state))
	if got := made(); got != token {
		t.Errorf("an update changed what the server had made: %q", got)
	}
	w.settled(t, custom, next, state)

	inUse := `{"control_plane_id":"` + w.ID + `","name":"mine"}`
	schema, diags := w.p.Import(t, upload, inUse)
	if len(diags) > 0 {
		t.Fatal(acctest.Text(diags))
	}
	if _, diags = w.p.Apply(t, upload, nil, schema); !strings.Contains(acctest.Text(diags), "in use") || !strings.Contains(acctest.Text(diags), "without a scope") {
		t.Errorf("a schema in use is deleted: %s", acctest.Text(diags))
	}
}

// The control plane is asked once for each schema, and not at all for those of
// bundled plugins.
func TestPlugin_asksOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Make(t, entity.PluginSchema, w.Scope(), object{"lua_schema": lua("mine", "")})
	for range 5 {
		w.p.Validate(t, custom, w.in(object{"name": "mine", "config": object{}}))
		w.p.Plan(t, plugin, w.in(object{"name": "rate-limiting", "config": object{"minute": 5}}), tftypes.Value{})
	}
	got := slices.DeleteFunc(w.Requests(), func(r string) bool { return !strings.Contains(r, "schemas/") })
	if len(got) != 1 {
		t.Errorf("requests: %v", got)
	}
}

// A plugin of a newer gateway, unknown here, is judged by the control plane's
// own word on it.
func TestPlugin_newer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Intercept(func(out http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if !strings.HasSuffix(r.URL.Path, "/schemas/plugins/brand-new") {
			return false
		}
		_, _ = out.Write([]byte(`{"fields":[{"config":{"type":"record","required":true,"fields":[{"size":{"type":"integer","default":3}}]}}]}`))
		return true
	})
	got := acctest.Text(w.p.Validate(t, plugin, w.in(object{"name": "brand-new", "config": object{"size": "x"}})))
	if !strings.Contains(got, "ERROR [config.size] Invalid gateway plugin: config.size: expected an integer") {
		t.Errorf("got %s", got)
	}
	_, plan := w.p.Plan(t, plugin, w.in(object{"name": "brand-new", "config": object{}}), tftypes.Value{})
	if got := plain(get(plan, "effective_config", "size")); got != "3" {
		t.Errorf("size is planned as %v", got)
	}
}

// A control plane that does not show its schemas still judges by itself. The
// configuration is applied with a warning, and then nothing is left to do.
func TestPlugin_unreadableSchema(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Make(t, entity.PluginSchema, w.Scope(), object{"lua_schema": lua("mine", "")})
	w.Intercept(func(out http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if !strings.Contains(r.URL.Path, "schemas/") {
			return false
		}
		out.WriteHeader(http.StatusForbidden)
		return true
	})
	config := w.in(object{"name": "mine", "config": object{"size": 4}})
	if got := acctest.Text(w.p.Validate(t, custom, config)); !strings.HasPrefix(got, "WARNING [config] Configuration not checked") {
		t.Errorf("got %s", got)
	}
	resp, plan := w.p.Plan(t, custom, config, tftypes.Value{})
	if len(resp.Diagnostics) > 0 || get(plan, "effective_config") != acctest.Unknown {
		t.Errorf("planned %v: %s", acctest.Go(plan), acctest.Text(resp.Diagnostics))
	}
	state := w.create(t, custom, config)
	if got := plain(get(state, "effective_config", "size")); got != "4" {
		t.Errorf("size is %v", got)
	}
	w.settled(t, custom, config, state)
	next := w.in(object{"name": "mine", "config": object{"size": 5}})
	w.wantChanges(t, custom, next, state, "config.size", "effective_config", "updated_at")
	w.settled(t, custom, next, w.apply(t, custom, next, state))
}

// A plugin without any configuration still has the attribute.
func TestPlugin_withoutConfig(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Make(t, entity.PluginSchema, w.Scope(), object{"lua_schema": `return { name = "bare", fields = {} }`})
	config := w.in(object{"name": "bare", "config": object{}})
	state := w.create(t, custom, config)
	w.settled(t, custom, config, state)
	if got := acctest.Text(w.p.Validate(t, custom, w.in(object{"name": "bare", "config": object{"a": 1}}))); !strings.Contains(got, "[config]") && !strings.Contains(got, "[config.a]") {
		t.Errorf("got %s", got)
	}
}
