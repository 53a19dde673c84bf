package entity_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

const (
	lowerID = "7b9f9a52-0b0e-4f0c-9d52-6a6b7ee0aff1"
	upperID = "7B9F9A52-0B0E-4F0C-9D52-6A6B7EE0AFF1"
)

// Two documents exclude each other, or they do not; or the set binds nothing.
func TestUnique_Key(t *testing.T) {
	t.Parallel()
	sets := map[string]entity.Unique{
		"name":    {Name: "name", Fields: []string{"name"}},
		"service": {Name: "service", Fields: []string{"service"}},
		"target":  {Name: "upstream-target", Fields: []string{"upstream", "target"}},
		"plugin":  {Name: "per-entity", Fields: []string{"name", "service", "route"}, NullsEqual: true},
		"alone":   {Name: "alone", Fields: []string{"service"}, NullsEqual: true},
	}
	const binds, differ, free = "same", "differ", "free" // free: the second document excludes nobody
	for _, test := range []struct{ set, a, b, want string }{
		{"name", `{"name":"a"}`, `{"name":"a","id":"x"}`, binds},
		{"name", `{"name":"a"}`, `{"name":"A"}`, differ},
		{"name", `{"name":"` + lowerID + `"}`, `{"name":"` + upperID + `"}`, differ}, // a name, whatever it looks like
		{"name", `{"name":""}`, `{"name":""}`, binds},
		{"name", `{"name":"a"}`, `{"name":null}`, free},
		{"name", `{"name":"a"}`, `{}`, free},
		{"name", `{"name":"a"}`, `{"name":"?"}`, free},
		{"name", `{"name":1}`, `{"name":1}`, binds},
		{"name", `{"name":"1"}`, `{"name":1}`, differ},
		{"service", `{"service":{"id":"` + lowerID + `"}}`, `{"service":{"id":"` + upperID + `"}}`, binds},
		{"service", `{"service":{"id":"` + upperID + `","name":"x"}}`, `{"service":"` + lowerID + `"}`, binds},
		{"service", `{"service":{"id":"greeter"}}`, `{"service":{"id":"Greeter"}}`, differ}, // no UUID
		{"service", `{"service":{"id":"` + lowerID + `"}}`, `{"service":{"id":null}}`, free},
		{"service", `{"service":{"id":"` + lowerID + `"}}`, `{"service":{"id":"?"}}`, free},
		{"service", `{"service":{"id":"` + lowerID + `"}}`, `{"service":{"name":"x"}}`, differ},
		{"target", `{"upstream":{"id":"` + lowerID + `"},"target":"a:1"}`, `{"upstream":{"id":"` + upperID + `"},"target":"a:1"}`, binds},
		{"target", `{"upstream":{"id":"` + lowerID + `"},"target":"a:1"}`, `{"upstream":{"id":"` + lowerID + `"},"target":"a:2"}`, differ},
		{"target", `{"upstream":{"id":"` + lowerID + `"},"target":"a:1"}`, `{"upstream":null,"target":"a:1"}`, free},
		{"target", `{"upstream":{"id":"` + lowerID + `"},"target":"a:1"}`, `{"target":"a:1"}`, free},
		{"target", `{"upstream":"a","target":"b"}`, `{"upstream":"b","target":"a"}`, differ},
		{"plugin", `{"name":"acl"}`, `{"name":"acl","service":null,"route":{"id":null}}`, binds},
		{"plugin", `{"name":"acl"}`, `{"name":"acl","service":{"id":"` + lowerID + `"}}`, differ},
		{"plugin", `{"name":"acl","service":{"id":"` + lowerID + `"}}`, `{"name":"acl","route":{"id":"` + lowerID + `"}}`, differ},
		{"plugin", `{"name":"acl","service":{"id":"` + upperID + `"}}`, `{"name":"acl","service":{"id":"` + lowerID + `"}}`, binds},
		{"plugin", `{"name":"acl"}`, `{"name":"acl","service":"?"}`, free},
		{"plugin", `{"name":"acl"}`, `{"name":"acl","service":{"id":"?"}}`, free},
		{"alone", `{}`, `{"service":null}`, binds},
		{"alone", `{}`, `{"service":"null"}`, differ},
	} {
		key, ok := sets[test.set].Key(document(t, test.a))
		if !ok {
			t.Errorf("%s %s: has no key", test.set, test.a)
		}
		other, binding := sets[test.set].Key(document(t, test.b))
		got := differ
		switch {
		case !binding:
			got = free
		case key == other:
			got = binds
		}
		if got != test.want {
			t.Errorf("%s: %s and %s: %s (%q, %q), want %s", test.set, test.a, test.b, got, key, other, test.want)
		}
	}
}

// Keys are stored: another form of them would lose what is there.
func TestUnique_Key_form(t *testing.T) {
	t.Parallel()
	for doc, want := range map[string]string{
		`{"name":"a<b"}`: `a<b`,
		`{"name":"a<b","service":{"id":"` + upperID + `"}}`: `["a\u003cb","` + lowerID + `"]`,
		`{"name":1.50,"service":null}`:                      `[1.50,null]`,
	} {
		u := entity.Unique{Fields: []string{"name", "service"}, NullsEqual: true}
		if !strings.Contains(doc, "service") {
			u.Fields = u.Fields[:1]
		}
		if key, ok := u.Key(document(t, doc)); !ok || key != want {
			t.Errorf("%s: got %q, want %q", doc, key, want)
		}
	}
}

// An id by which an entity is unique counts in either case of its letters, also
// as a plain text.
func TestTypes_uniqueIDs(t *testing.T) {
	t.Parallel()
	for _, typ := range entity.Types() {
		for _, u := range typ.Unique {
			for _, r := range typ.References {
				if !slices.Contains(u.Fields, r.Field) {
					continue
				}
				u := entity.Unique{Fields: []string{r.Field}}
				var keys []string
				for _, id := range []any{lowerID, upperID} {
					if typ.Schema().Field(r.Field).Type == schema.Foreign {
						id = map[string]any{"id": id}
					}
					doc := map[string]any{r.Field: id}
					if typ.Normalize != nil {
						typ.Normalize(doc)
					}
					key, _ := u.Key(doc)
					keys = append(keys, key)
				}
				if keys[0] != lowerID || keys[1] != lowerID {
					t.Errorf("%s: %s counts as %q and %q", typ.Name, r.Field, keys[0], keys[1])
				}
			}
		}
	}
}

// document reads JSON in which "?" is not known.
func document(t *testing.T, text string) map[string]any {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var doc map[string]any
	if err := dec.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	return unknowns(doc).(map[string]any)
}

func unknowns(v any) any {
	if m, ok := v.(map[string]any); ok {
		for name, e := range m {
			m[name] = unknowns(e)
		}
	}
	if v == "?" {
		return schema.Unknown
	}
	return v
}
