package provider_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
)

// What a plan of the smallest configuration of each bundled plugin warns of, on a
// control plane of which nobody knows the data planes. Each line is one warning,
// and there is none that Validate and Plan both give.
func TestWarnings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var b strings.Builder
	b.WriteString("# What a plan of each plugin's smallest configuration warns of; made by go test -run TestWarnings -update.\n")
	set := resource.Bundled()
	for _, name := range set.Names() {
		p, err := set.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		typed := acctest.TypedName(name)
		shaped, err := resource.All()[typed].Root().FromGo(map[string]any{"config": acctest.Configurations(t, p)["minimal"]})
		if err != nil {
			t.Fatal(err)
		}
		var attributes map[string]tftypes.Value
		if err := shaped.As(&attributes); err != nil {
			t.Fatal(err)
		}
		config := w.in(object{"config": attributes["config"]})
		diags := w.p.Validate(t, typed, config)
		if !slices.ContainsFunc(diags, isFailure) {
			resp, _ := w.p.Plan(t, typed, config, tftypes.Value{})
			diags = append(diags, resp.Diagnostics...)
		}
		var lines []string
		for _, d := range diags {
			if !isFailure(d) {
				lines = append(lines, fmt.Sprintf("%s: %s\n", name, d.Detail))
			}
		}
		b.WriteString(strings.Join(lines, ""))
		if slices.Sort(lines); len(slices.Compact(lines)) < len(lines) {
			t.Errorf("%s: a warning is given twice", name)
		}
	}
	const file = "testdata/warnings.txt"
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("the warnings are others (-update rewrites them):\n%s", diff)
	}
}

func isFailure(d *tfprotov6.Diagnostic) bool { return d.Severity == tfprotov6.DiagnosticSeverityError }
