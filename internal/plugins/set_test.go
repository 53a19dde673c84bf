package plugins_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

func custom(t *testing.T, name string, fields ...any) *plugins.Plugin {
	t.Helper()
	def := schema.Def{"name": name, "fields": []any{
		schema.Def{"config": schema.Def{"type": "record", "fields": fields}},
	}}
	p, err := plugins.New(def, entity.Plugin.Schema(), entity.Schemas)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSet_With(t *testing.T) {
	t.Parallel()
	mine := custom(t, "mine", schema.Def{"size": schema.Def{"type": "integer"}})
	set := bundled.With(mine)
	if p, ok := set.Lookup("mine"); !ok || p != mine {
		t.Errorf("the custom plugin is not found: %v", p)
	}
	if _, ok := bundled.Lookup("mine"); ok {
		t.Error("layering a plugin on top changed the set below")
	}
	a, _ := bundled.Lookup("acl")
	if b, ok := set.Lookup("acl"); !ok || a != b {
		t.Error("a bundled plugin was compiled again for the set on top")
	}
	if n := len(set.Names()); n != len(bundled.Names())+1 {
		t.Errorf("%d names", n)
	}
	in := map[string]any{"name": "mine", "config": map[string]any{"size": "x"}}
	if errs := set.Schema().Validate(t.Context(), in, schema.Insert); errs == nil {
		t.Error("the set's schema lets the custom plugin's fault pass")
	}
}

func TestSet_Lookup_unknown(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "rate-limitin", "../data/acl", "index"} {
		if p, ok := bundled.Lookup(name); ok || p != nil {
			t.Errorf("Lookup(%q) = %v", name, p)
		}
	}
}

func TestSet_goroutines(t *testing.T) {
	t.Parallel()
	set := plugins.Bundled(entity.Plugin.Schema(), entity.Schemas)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for _, name := range []string{"acl", "openid-connect", "cors"} {
				if _, ok := set.Lookup(name); !ok {
					t.Errorf("no %s", name)
				}
			}
		})
	}
	all.Wait()
}

func TestNew_faults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		def  schema.Def
		want string
	}{
		{"unknown function", config(schema.Def{"a": schema.Def{"type": "string", "custom_validator": schema.Def{"function": "x:y"}}}),
			`plugin "p": no function is named "x:y"`},
		{"unknown check", schema.Def{"name": "p", "fields": []any{}, "entity_checks": []any{
			schema.Def{"custom_entity_check": schema.Def{"field_sources": []any{"config"}, "fn": schema.Def{"function": "p:custom_entity_check(config)"}}},
		}}, `no function is named "p:custom_entity_check(config)"`},
		{"no name in a field", config(schema.Def{}), "config: field 1 is not one name with one definition"},
		{"two names in a field", config(schema.Def{"a": schema.Def{}, "b": schema.Def{}}), "config: field 1 is not one name with one definition"},
		{"definition is a text", config(schema.Def{"a": "string"}), "config.a: the definition is not a table"},
		{"nothing replaces a shorthand", schema.Def{"name": "p", "fields": []any{schema.Def{"config": schema.Def{
			"type": "record", "fields": []any{}, "shorthand_fields": []any{schema.Def{"a": schema.Def{"type": "string"}}},
		}}}}, "config.a: nothing says what takes the place of the shorthand field"},
		{"new field of the entity", schema.Def{"name": "p", "fields": []any{schema.Def{"confg": schema.Def{"type": "record", "fields": []any{}}}}},
			"confg: cannot create a new field"},
	}
	for _, tt := range tests {
		_, err := plugins.New(tt.def, entity.Plugin.Schema(), entity.Schemas)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}

func config(field schema.Def) schema.Def {
	return schema.Def{"name": "p", "fields": []any{schema.Def{"config": schema.Def{"type": "record", "fields": []any{field}}}}}
}
