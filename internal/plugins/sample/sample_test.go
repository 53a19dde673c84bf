package sample_test

import (
	"context"
	"slices"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins/sample"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

var set = plugins.Bundled(entity.Plugin.Schema(), entity.Schemas)

func TestSamples(t *testing.T) {
	t.Parallel()
	for _, name := range set.Names() {
		p, err := set.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		minimal, err := sample.Minimal(t.Context(), p)
		if err != nil {
			t.Errorf("minimal: %v", err)
		}
		rich, err := sample.Rich(t.Context(), p)
		if err != nil {
			t.Errorf("rich: %v", err)
		}
		if size(rich) < size(minimal) {
			t.Errorf("%s: the rich configuration gives less than the minimal one: %v, %v", name, rich, minimal)
		}
	}
}

func size(v any) int {
	n := 1
	switch v := v.(type) {
	case map[string]any:
		for _, e := range v {
			n += size(e)
		}
	case []any:
		for _, e := range v {
			n += size(e)
		}
	}
	return n
}

// Every rule reports the place where it is broken.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, name := range set.Names() {
		p, _ := set.Lookup(name)
		rich, err := sample.Rich(t.Context(), p)
		if err != nil {
			continue // reported above
		}
		for _, fault := range sample.Faults(p, rich) {
			violations := sample.Violations(t.Context(), p, fault.Config)
			if !slices.ContainsFunc(violations, func(v *schema.Violation) bool { return v.Path.String() == fault.Path.String() }) {
				t.Errorf("%s, %s: no violation there, but %v", name, fault.Name, violations)
			}
		}
	}
}

// A configuration that is changed for Konnect still fits the schema, and
// Konnect accepts it.
func TestInKonnect(t *testing.T) {
	t.Parallel()
	for _, name := range set.Names() {
		p, err := set.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, make := range []func(context.Context, *plugins.Plugin) (map[string]any, error){sample.Minimal, sample.Rich} {
			config, err := make(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			config = sample.InKonnect(t.Context(), p, config)
			for _, v := range sample.Violations(t.Context(), p, config) {
				t.Errorf("%s: %s: %s", name, v.Path, v.Message)
			}
			for _, f := range plugins.Judge(plugins.Case{Plugin: p, Name: name, Written: map[string]any{"config": config}}) {
				if f.Severity == finding.Error && len(f.Path) > 1 {
					t.Errorf("%s: %s: %s", name, f.Path, f.Message)
				}
			}
		}
	}
}
