package framework

import (
	"encoding/json"
	"testing"
)

// Every bundled plugin shows fields, each once under its kind, with defaults
// that are JSON.
func TestFieldsOf(t *testing.T) {
	t.Parallel()
	set := bundledForTest()
	for _, name := range set.Names() {
		p, _ := set.Lookup(name)
		type place struct{ path, when string }
		seen := map[place]bool{}
		for _, f := range fieldsOf(p) {
			at := place{path: f.Path}
			if f.When != nil {
				at.when = *f.When
			}
			if seen[at] {
				t.Errorf("%s: %v is listed twice", name, at)
			}
			seen[at] = true
			if f.Default != nil && !json.Valid([]byte(*f.Default)) {
				t.Errorf("%s: the default of %s is no JSON: %s", name, f.Path, *f.Default)
			}
			if f.Type == "" || f.Type == "nil" {
				t.Errorf("%s: %s has no type", name, f.Path)
			}
		}
		if len(seen) == 0 && p.Schema.Field("config") != nil && len(p.Schema.Field("config").Record.Fields) > 0 {
			t.Errorf("%s shows no fields", name)
		}
	}
}
