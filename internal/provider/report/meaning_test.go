package report_test

import (
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins/meaning"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins/sample"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Whatever rule a value of a bundled plugin breaks, the message says what its field
// is for.
func TestProblem_meaning(t *testing.T) {
	t.Parallel()
	set := plugins.Bundled(entity.Plugin.Schema(), entity.Schemas)
	faults := 0
	for _, name := range set.Names() {
		p, err := set.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		valid, err := sample.Rich(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		r := report.Report{Words: meaning.Of(name).Field}
		r.Schema = p.Schema
		for _, fault := range sample.Faults(p, valid) {
			for _, v := range sample.Violations(t.Context(), p, fault.Config) {
				if v.Entity || v.Rule == "unknown_field" {
					continue
				}
				faults++
				if !strings.Contains(r.Problem(v).Hint, "Meaning: ") {
					t.Errorf("%s: %s: %s", name, fault.Name, r.Problem(v))
				}
			}
		}
	}
	if faults == 0 {
		t.Error("nothing was wrong")
	}
}

// A control plane may refuse what no schema is known of.
func TestProblem_meaningWithoutSchema(t *testing.T) {
	t.Parallel()
	r := report.Report{Words: meaning.Of("cors").Field}
	if got := r.Problem(&schema.Violation{Path: schema.Dotted("config.max_age"), Message: "no"}); got.Hint != "" {
		t.Errorf("it says %q", got.Hint)
	}
}
