package evolution_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/evolution"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luaschema"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// load makes a plugin's schema of the fields of its config, and perhaps more of
// that record behind them.
func load(ctx context.Context, fields, more string) (*schema.Schema, error) {
	p, err := luaschema.Load(ctx, `local typedefs = require "kong.db.schema.typedefs"
return { name = "mine", fields = { { config = { type = "record", fields = {`+fields+`}`+more+` } } } }`,
		entity.Plugin.Schema(), entity.Schemas)
	if err != nil {
		return nil, err
	}
	return p.Schema, nil
}

func mustLoad(t *testing.T, text string) *schema.Schema {
	t.Helper()
	fields, more, _ := strings.Cut(text, "|")
	s, err := load(t.Context(), fields, more)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return s
}

// told is a change in one line: kind, path, way, with ? where the documentation
// does not name it, and ! where it says more.
func told(changes []evolution.Change) []string {
	var out []string
	for _, c := range changes {
		line := string(c.Kind) + " " + c.Path.String() + " " + string(c.Prescription.Way)
		if !c.Prescription.Documented {
			line += "?"
		}
		if strings.Contains(c.Prescription.Note, "FAQ") {
			line += "!"
		}
		out = append(out, line)
	}
	return out
}

const base = `{ a = { type = "string" } },`

func TestCompare(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, before, after string // fields of config; what follows | is more of that record
		want                []string
	}{
		{"nothing", base, base, nil},
		{"order only", base + `{ b = { type = "number" } }`, `{ b = { type = "number" } },` + base, nil},
		{"description only", base, `{ a = { type = "string", description = "what it is for" } }`, nil},
		{"code moves to another line", `{ a = { type = "string", custom_validator = function(v) return true end } }`, "\n\n" + `{ a = { type = "string", custom_validator = function(v) return v end } }`, nil},
		{"no fields at all", ``, ``, nil},

		{"optional added", base, base + `{ b = { type = "number" } }`, []string{"added config.b short"}},
		{"optional with default added", base, base + `{ b = { type = "number", default = 1 } }`, []string{"added config.b short"}},
		{"required added", base, base + `{ b = { type = "number", required = true } }`, []string{"added config.b long"}},
		{"required with default added", base, base + `{ b = { type = "number", required = true, default = 1 } }`, []string{"added config.b short"}},
		{"default false is one", base, base + `{ b = { type = "boolean", required = true, default = false } }`, []string{"added config.b short"}},
		{"required record that fills itself", base, base + `{ r = { type = "record", required = true, fields = { { x = { type = "number", default = 1 } } } } }`, []string{"added config.r short"}},
		{"required record with a field to write", base, base + `{ r = { type = "record", required = true, fields = { { x = { type = "number", required = true } } } } }`, []string{"added config.r long"}},
		{"record that its field makes required", base, base + `{ r = { type = "record", fields = { { x = { type = "number", required = true } } } } }`, []string{"added config.r long"}},
		{"optional record with a required field", base, base + `{ r = { type = "record", required = false, fields = { { x = { type = "number", required = true } } } } }`, []string{"added config.r short"}},
		{"typedef added", base, base + `{ h = typedefs.header_name }`, []string{"added config.h short"}},

		{"optional removed", base + `{ b = { type = "number" } }`, base, []string{"removed config.b long!"}},
		{"optional with default removed", base + `{ b = { type = "number", default = 1 } }`, base, []string{"removed config.b long"}},
		{"required removed", base + `{ b = { type = "number", required = true } }`, base, []string{"removed config.b in_step"}},
		{"required with default removed", base + `{ b = { type = "number", required = true, default = 1 } }`, base, []string{"removed config.b long"}},
		{"all removed", base, ``, []string{"removed config.a long!"}},

		{"retyped", base, `{ a = { type = "number" } }`, []string{"retyped config.a in_step"}},
		{"integer to number", `{ a = { type = "integer" } }`, `{ a = { type = "number" } }`, []string{"retyped config.a in_step"}},
		{"one to many", base, `{ a = { type = "array", elements = { type = "string" } } }`, []string{"retyped config.a in_step"}},
		{"array to set", `{ a = { type = "array", elements = { type = "string" } } }`, `{ a = { type = "set", elements = { type = "string" } } }`, []string{"retyped config.a in_step"}},
		{"elements", `{ a = { type = "array", elements = { type = "string" } } }`, `{ a = { type = "array", elements = { type = "number" } } }`, []string{"retyped config.a[] in_step"}},
		{"elements of elements", `{ a = { type = "array", elements = { type = "set", elements = { type = "string" } } } }`, `{ a = { type = "array", elements = { type = "set", elements = { type = "string", one_of = { "x" } } } } }`, []string{"stricter config.a[][] long?"}},
		{"values of a map", `{ a = { type = "map", keys = { type = "string" }, values = { type = "string" } } }`, `{ a = { type = "map", keys = { type = "string", len_min = 3 }, values = { type = "number" } } }`, []string{"stricter config.a.(key) long?", "retyped config.a.(value) in_step"}},
		{"field of a record in a list", `{ a = { type = "array", elements = { type = "record", fields = { { x = { type = "string" } } } } } }`, `{ a = { type = "array", elements = { type = "record", fields = { { x = { type = "string" } }, { y = { type = "string", required = true } } } } } }`, []string{"added config.a[].y long"}},
		{"retyped and more is retyped", base, `{ a = { type = "number", required = true, default = 4, gt = 3 } }`, []string{"retyped config.a in_step"}},

		{"now required", base, `{ a = { type = "string", required = true } }`, []string{"required config.a long?"}},
		{"now required, with a default", base, `{ a = { type = "string", required = true, default = "x" } }`, []string{"required config.a short?", "default_added config.a short?"}},
		{"now optional", `{ a = { type = "string", required = true } }`, base, []string{"optional config.a in_step?"}},
		{"now optional, keeps its default", `{ a = { type = "string", required = true, default = "x" } }`, `{ a = { type = "string", default = "x" } }`, []string{"optional config.a short?"}},
		{"default changed", `{ a = { type = "string", default = "x" } }`, `{ a = { type = "string", default = "y" } }`, []string{"default_changed config.a short?"}},
		{"default as before, as another number", `{ a = { type = "number", default = 1 } }`, `{ a = { type = "number", default = 1.0 } }`, nil},
		{"default of a required field removed", `{ a = { type = "string", required = true, default = "x" } }`, `{ a = { type = "string", required = true } }`, []string{"default_removed config.a long?"}},
		{"default of an optional field removed", `{ a = { type = "string", default = "x" } }`, base, []string{"default_removed config.a short?"}},

		{"enum grows", `{ a = { type = "string", one_of = { "x" } } }`, `{ a = { type = "string", one_of = { "y", "x" } } }`, []string{"looser config.a short?"}},
		{"enum shrinks", `{ a = { type = "string", one_of = { "x", "y" } } }`, `{ a = { type = "string", one_of = { "x" } } }`, []string{"stricter config.a long?"}},
		{"enum swaps", `{ a = { type = "string", one_of = { "x" } } }`, `{ a = { type = "string", one_of = { "y" } } }`, []string{"stricter config.a long?"}},
		{"enum in another order", `{ a = { type = "string", one_of = { "x", "y" } } }`, `{ a = { type = "string", one_of = { "y", "x" } } }`, []string{"looser config.a short?"}},
		{"forbidden values grow", `{ a = { type = "string", not_one_of = { "x" } } }`, `{ a = { type = "string", not_one_of = { "x", "y" } } }`, []string{"stricter config.a long?"}},
		{"lower bound rises", `{ a = { type = "number", gt = 0 } }`, `{ a = { type = "number", gt = 1 } }`, []string{"stricter config.a long?"}},
		{"lower bound falls", `{ a = { type = "number", gt = 1 } }`, `{ a = { type = "number", gt = 0 } }`, []string{"looser config.a short?"}},
		{"length grows", `{ a = { type = "string", len_max = 3 } }`, `{ a = { type = "string", len_max = 9 } }`, []string{"looser config.a short?"}},
		{"interval widens", `{ a = { type = "number", between = { 1, 5 } } }`, `{ a = { type = "number", between = { 0, 6 } } }`, []string{"looser config.a short?"}},
		{"interval moves", `{ a = { type = "number", between = { 1, 5 } } }`, `{ a = { type = "number", between = { 2, 6 } } }`, []string{"stricter config.a long?"}},
		{"pattern added", base, `{ a = { type = "string", match = "^x" } }`, []string{"stricter config.a long?"}},
		{"pattern removed", `{ a = { type = "string", match = "^x" } }`, base, []string{"looser config.a short?"}},
		{"another pattern", `{ a = { type = "string", match = "^x" } }`, `{ a = { type = "string", match = "^y" } }`, []string{"stricter config.a long?"}},
		{"code added", base, `{ a = { type = "string", custom_validator = function(v) return true end } }`, []string{"stricter config.a long?"}},
		{"vaults no more", `{ a = { type = "string", referenceable = true } }`, base, []string{"stricter config.a long?"}},

		{"check added", base, base + `| , entity_checks = { { at_least_one_of = { "a" } } }`, []string{"checks_added config long?"}},
		{"check removed", base + `| , entity_checks = { { at_least_one_of = { "a" } } }`, base, []string{"checks_removed config short?"}},
		{"check twice, then once", base + `| , entity_checks = { { at_least_one_of = { "a" } }, { at_least_one_of = { "a" } } }`, base + `| , entity_checks = { { at_least_one_of = { "a" } } }`, []string{"checks_removed config short?"}},
		{"checks in another order", base + `{ b = { type = "string" } }| , entity_checks = { { at_least_one_of = { "a" } }, { only_one_of = { "a", "b" } } }`, base + `{ b = { type = "string" } }| , entity_checks = { { only_one_of = { "a", "b" } }, { at_least_one_of = { "a" } } }`, nil},

		{"renamed", `{ timeout = { type = "number" } }`, `{ timeouts = { type = "number" } }`, []string{"renamed config.timeouts long!"}},
		{"renamed, required", `{ timeout = { type = "number", required = true } }`, `{ timeouts = { type = "number", required = true } }`, []string{"renamed config.timeouts in_step"}},
		{"renamed and stricter", `{ timeout = { type = "number" } }`, `{ timeouts = { type = "number", gt = 0 } }`, []string{"renamed config.timeouts long!", "stricter config.timeouts long?"}},
		{"near, but of another type", `{ timeout = { type = "number" } }`, `{ timeouts = { type = "string" } }`, []string{"added config.timeouts short", "removed config.timeout long!"}},
		{"not near", `{ timeout = { type = "number" } }`, `{ patience = { type = "number" } }`, []string{"added config.patience short", "removed config.timeout long!"}},
		{"two could be it", `{ timeout = { type = "number" } }`, `{ timeouts = { type = "number" } }, { timeouta = { type = "number" } }`, []string{"added config.timeouts short", "added config.timeouta short", "removed config.timeout long!"}},
		{"not near, but a shorthand says so", `{ ttl = { type = "number" } }`, `{ patience = { type = "number" } }| , shorthand_fields = { { ttl = { type = "number", deprecation = { message = "x", removal_in_version = "4.0", replaced_with = { { path = { "patience" } } } }, func = function(v) return { patience = v } end } } }`, []string{"renamed config.patience long!"}},
		{"shorthand gone", base + `| , shorthand_fields = { { b = { type = "string", func = function(v) return { a = v } end } } }`, base, []string{"stricter config.b long?"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := evolution.Compare(mustLoad(t, c.before), mustLoad(t, c.after))
			if diff := cmp.Diff(c.want, told(got)); diff != "" {
				t.Error(diff)
			}
			for _, g := range got {
				if g.Detail == "" || g.Prescription.Way.Steps() == "" {
					t.Errorf("says nothing: %+v", g)
				}
			}
		})
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, before, after, config string
		want                        []string
	}{
		{"nothing", base, base, `{"a":"x"}`, nil},
		{"nothing stored", base, base, `{}`, nil},
		{"nulls", base, base + `{ b = { type = "string" } }`, `{"a":null}`, nil},
		{"stricter", base, `{ a = { type = "string", one_of = { "x" } } }`, `{"a":"y"}`, []string{"breaks config.a"}},
		{"stricter, but fine", base, `{ a = { type = "string", one_of = { "x" } } }`, `{"a":"x"}`, nil},
		{"required", base, base + `{ b = { type = "string", required = true } }`, `{"a":"y"}`, []string{"breaks config.b"}},
		{"retyped", base, `{ a = { type = "number" } }`, `{"a":"y"}`, []string{"breaks config.a"}},
		{"retyped, not used", base, `{ a = { type = "number" } }`, `{"a":null}`, nil},
		{"removed, in use", base + `{ b = { type = "string" } }`, base, `{"a":"x","b":"y"}`, []string{"breaks config.b"}},
		{"removed, at its default", base + `{ b = { type = "string", default = "y" } }`, base, `{"a":"x","b":"y"}`, []string{"drops config.b"}},
		{"removed, another than its default", base + `{ b = { type = "string", default = "y" } }`, base, `{"b":"z"}`, []string{"breaks config.b"}},
		{"removed, not in use", base + `{ b = { type = "string" } }`, base, `{"a":"x","b":null}`, nil},
		{"new default", base, base + `{ b = { type = "string", default = "y" } }`, `{"a":"x"}`, []string{"shifts config.b"}},
		{"another default", `{ b = { type = "string", default = "y" } }`, `{ b = { type = "string", default = "z" } }`, `{"b":"y"}`, []string{"shifts config.b"}},
		{"another default, not used", `{ b = { type = "string", default = "y" } }`, `{ b = { type = "string", default = "z" } }`, `{"b":"own"}`, nil},
		{"in a list", `{ l = { type = "array", elements = { type = "record", fields = { { x = { type = "string" } } } } } }`, `{ l = { type = "array", elements = { type = "record", fields = { { x = { type = "string", len_min = 2 } } } } } }`, `{"l":[{"x":"ok"},{"x":"n"}]}`, []string{"breaks config.l[1].x"}},
		{"in a record", `{ r = { type = "record", fields = { { x = { type = "number", default = 1 } } } } }`, `{ r = { type = "record", fields = { { x = { type = "number", default = 2 } } } } }`, `{"r":{"x":1}}`, []string{"shifts config.r.x"}},
		{"several", base + `{ b = { type = "string" } }`, `{ a = { type = "number" } }, { c = { type = "string", required = true } }`, `{"a":"x","b":"y"}`, []string{"breaks config.a", "breaks config.b", "breaks config.c"}},
		{"a check over fields", base, base + `| , entity_checks = { { at_least_one_of = { "a" } } }`, `{}`, []string{"breaks config"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			config, err := jsonvalue.Object(c.config)
			if err != nil {
				t.Fatal(err)
			}
			effect := evolution.Judge(t.Context(), mustLoad(t, c.before), mustLoad(t, c.after), map[string]any{"name": "mine", "config": config})
			var got []string
			for _, v := range effect.Violations {
				got = append(got, "breaks "+v.Path.String())
			}
			for _, s := range effect.Shifts {
				verb := "shifts "
				if s.Dropped {
					verb = "drops "
				}
				got = append(got, verb+s.Path.String())
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A schema compared with itself has no changes, and no two schemas make the
// comparison fail.
func FuzzCompare(f *testing.F) {
	f.Add(base, base, `{"a":"x"}`)
	f.Add(``, `{ b = { type = "record", fields = { { x = { type = "number", between = { 1, 2 } } } } } }`, `{"b":{"x":[]}}`)
	f.Add(`{ a = { type = "map", keys = { type = "string" }, values = { type = "number" } } }`, `{ a = { type = "array", elements = { type = "string" } } }`, `{"a":[null]}`)
	f.Fuzz(func(t *testing.T, before, after, config string) {
		old, err := load(t.Context(), before, "")
		if err != nil {
			return
		}
		if got := evolution.Compare(old, old); got != nil {
			t.Errorf("differs from itself: %v", got)
		}
		now, err := load(t.Context(), after, "")
		if err != nil {
			return
		}
		for _, c := range evolution.Compare(old, now) {
			if c.Prescription.Way == "" || c.String() == "" {
				t.Errorf("prescribes nothing: %+v", c)
			}
		}
		doc, err := jsonvalue.Object(config)
		if err != nil {
			return
		}
		evolution.Judge(t.Context(), old, now, map[string]any{"name": "mine", "config": doc})
	})
}
