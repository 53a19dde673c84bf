package schema_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

func TestWithDefaults(t *testing.T) {
	t.Parallel()
	field := func(name string, def schema.Def) any { return map[string]any{name: def} }
	s := schema.MustCompile(schema.Def{"name": "s", "fields": []any{
		field("a", schema.Def{"type": "string", "default": "x", "one_of": []any{"x", "y"}}),
		field("b", schema.Def{"type": "record", "required": true, "fields": []any{
			field("c", schema.Def{"type": "boolean", "default": false}),
			field("d", schema.Def{"type": "string"}),
		}}),
		field("e", schema.Def{"type": "record", "required": false, "fields": []any{field("f", schema.Def{"type": "boolean", "default": false})}}),
		field("g", schema.Def{"type": "record", "required": true, "default": schema.Def{"h": "1"}, "fields": []any{field("h", schema.Def{"type": "string"})}}),
	}, "shorthand_fields": []any{field("old_a", schema.Def{"type": "string", "func": &schema.Function{
		Call: func(_ context.Context, args ...any) ([]any, error) { return []any{map[string]any{"a": args[0]}}, nil },
	}})}}, nil)
	type object = map[string]any
	other := s.WithDefaults(object{"a": "y", "b": object{"c": true, "d": "z", "no": 1}, "e": object{"f": true}, "g": object{"h": "2"}, "no": 1})
	for _, c := range []struct {
		name          string
		in, now, then object
	}{
		{"nothing written", object{}, object{"a": "x", "b": object{"c": false, "d": nil}, "e": nil, "g": object{"h": "1"}},
			object{"a": "y", "b": object{"c": true, "d": "z"}, "e": nil, "g": object{"h": "2"}}},
		{"written", object{"a": "x", "b": object{"c": false}, "e": object{}}, object{"a": "x", "b": object{"c": false, "d": nil}, "e": object{"f": false}, "g": object{"h": "1"}},
			object{"a": "x", "b": object{"c": false, "d": "z"}, "e": object{"f": true}, "g": object{"h": "2"}}},
		{"written under an old name", object{"old_a": "x"}, object{"a": "x", "b": object{"c": false, "d": nil}, "e": nil, "g": object{"h": "1"}},
			object{"a": "x", "b": object{"c": true, "d": "z"}, "e": nil, "g": object{"h": "2"}}},
	} {
		for s, want := range map[*schema.Schema]object{s: c.now, other: c.then} {
			got, errs := s.Check(t.Context(), c.in, schema.Insert, schema.Auto{})
			if errs != nil {
				t.Errorf("%s: %v", c.name, errs)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s", c.name, diff)
			}
		}
	}
	bad := s.WithDefaults(object{"a": "z"})
	if _, errs := bad.Check(t.Context(), object{}, schema.Insert, schema.Auto{}); errs == nil {
		t.Error("an invalid default passes")
	}
}
