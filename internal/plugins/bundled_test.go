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
				var targets [][]string
				if f.Deprecation != nil {
					for _, to := range f.Deprecation.ReplacedWith {
						targets = append(targets, to.Path)
					}
				}
				if to, _ := f.Def["maps_to"].(string); to != "" {
					targets = append(targets, strings.Split(to, "."))
				}
				for _, target := range targets {
					moved++
					if !exists(r, target) {
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

func exists(r *schema.Schema, path []string) bool {
	for i, name := range path {
		f := r.Field(name)
		if f == nil || i < len(path)-1 && f.Record == nil {
			return false
		}
		r = f.Record
	}
	return true
}
