package plugins_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// FuzzBundled puts arbitrary configurations to every bundled plugin. None may
// bring the engine down, and what it says must hold together.
func FuzzBundled(f *testing.F) {
	for plugin, e := range readExamples(f) {
		for _, example := range e.Valid {
			text, err := json.Marshal(example.Config)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(plugin, text)
		}
	}
	f.Add("acl", []byte(`{"allow": [null, "a"], "deny": {}, "no_such_field": 1}`))
	f.Add("rate-limiting", []byte(`{"redis_host": 1, "redis": null, "policy": "redis"}`))
	f.Fuzz(func(t *testing.T, plugin string, text []byte) {
		var config any
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		if d.Decode(&config) != nil || !slices.Contains(bundled.Names(), plugin) {
			return
		}
		s := bundled.Schema()
		in := map[string]any{"name": plugin, "config": config}
		complete, errs := s.ProcessAutoFields(t.Context(), in, schema.Insert, schema.Auto{})
		if errs != nil {
			placed(t, in, errs)
			return
		}
		again, errs := s.ProcessAutoFields(t.Context(), complete, schema.Insert, schema.Auto{})
		delete(again, "updated_at")
		if given := schema.Copy(complete).(map[string]any); errs == nil {
			delete(given, "updated_at")
			if !schema.Equal(given, again) {
				t.Errorf("completing twice gives\n%v\nnot\n%v", again, given)
			}
		}
		placed(t, complete, s.Validate(t.Context(), complete, schema.Insert))
	})
}

// placed checks that every violation stands at something, or names what is
// missing from something.
func placed(t *testing.T, entity map[string]any, errs *schema.Errors) {
	t.Helper()
	for _, v := range errs.Violations() {
		if v.Message == "" {
			t.Errorf("%v: a violation without a message", v.Path)
		}
		var at any = entity
		for i, step := range v.Path {
			next, ok := child(at, step)
			if !ok && (i < len(v.Path)-1 && v.Rule != "required" && v.Rule != "conditional") {
				t.Errorf("%v: %s: there is nothing at step %d", v.Path, v.Message, i)
			}
			at = next
		}
	}
}

func child(v any, step schema.Step) (any, bool) {
	switch v := v.(type) {
	case map[string]any:
		e, ok := v[step.Name]
		return e, ok
	case []any:
		if step.Name == "" && step.Index < len(v) {
			return v[step.Index], true
		}
	}
	return nil, false
}
