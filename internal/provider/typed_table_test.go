package provider

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins/sample"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
)

var update = flag.Bool("update", false, "rewrite the files of testdata that tests compare with")

const tableHead = `# The resources for single plugins

Made by the tests of this folder; do not edit (go test -run TestTyped_table -update).

- published: attributes of the published provider's resource; same: those that have its type and mode here.
- differ: others, by a reason of typed_schema_test.go; added: what it lacks.
- configurations: the smallest one, one with every field, and documented examples. All are valid by the plugin's schema.
- settled: those after whose apply, and after whose import, a plan is empty (TestTyped_everyPlugin; the first two also by terraform itself).
  The others Konnect does not take, as the last column says.
- unjudged: checks that the gateway has in code, and of which no rule is known.

| Plugin | Published | Same | Differ | Added | Configurations | Settled | Unjudged | Refused because |
|---|---|---|---|---|---|---|---|---|
`

// One row for each plugin says how its resource stands to the published one,
// and what has been tried with it.
func TestTyped_table(t *testing.T) {
	t.Parallel()
	published := publishedFacts(t, "testdata/published_plugins.tsv.gz")
	var b strings.Builder
	b.WriteString(tableHead)
	var sum [7]int
	set := resource.Bundled()
	for _, name := range set.Names() {
		p, err := set.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		r := resource.All()[attribute.TypedResource(name)]
		facts := map[string]string{}
		collect(r.Name, r.Schema().Block.Attributes, facts)
		theirs := published[r.Name]
		same := 0
		for path, fact := range theirs {
			if facts[path] == fact {
				same++
			}
		}
		configs := triedConfigs(t, p)
		settled, reasons := 0, map[string]bool{}
		for _, config := range configs {
			if reason := refusedByKonnect(t, r, config); reason != "" {
				reasons[reason] = true
			} else {
				settled++
			}
		}
		row := [7]int{len(theirs), same, len(theirs) - same, len(facts) - len(theirs), len(configs), settled, len(p.Unjudged)}
		cells := make([]string, len(row))
		for i, n := range row {
			sum[i] += n
			cells[i] = fmt.Sprint(n)
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", name, strings.Join(cells, " | "), strings.Join(slices.Sorted(maps.Keys(reasons)), "; "))
	}
	fmt.Fprintf(&b, "| **all %d** | %s |\n", len(set.Names()), strings.Trim(strings.ReplaceAll(fmt.Sprint(sum), " ", " | "), "[]")+" | ")

	const file = "testdata/plugins.md"
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("the table is out of date (-update rewrites it):\n%s", diff)
	}
}

// triedConfigs are the configurations of TestTyped_everyPlugin.
func triedConfigs(t *testing.T, p *plugins.Plugin) []map[string]any {
	t.Helper()
	var out []map[string]any
	for _, make := range []func(context.Context, *plugins.Plugin) (map[string]any, error){sample.Minimal, sample.Rich} {
		config, err := make(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, sample.InKonnect(t.Context(), p, config))
	}
	text, err := os.ReadFile(filepath.Join("../plugins/testdata/examples", p.Name+".json"))
	if os.IsNotExist(err) {
		return out
	}
	var examples struct {
		Valid []struct {
			Config map[string]any `json:"config"`
		} `json:"valid"`
	}
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	if err != nil || d.Decode(&examples) != nil {
		t.Fatal(err)
	}
	for _, e := range examples.Valid {
		out = append(out, e.Config)
	}
	return out
}

// refusedByKonnect says by which of Konnect's rules a configuration is
// refused, or "".
func refusedByKonnect(t *testing.T, r *resource.Resource, config map[string]any) string {
	t.Helper()
	set := resource.Bundled()
	p, err := set.Load(r.Plugin)
	if err != nil {
		t.Fatal(err)
	}
	doc := map[string]any{"name": r.Plugin, "config": config}
	filled, errs := document.Complete(t.Context(), p.Schema, doc)
	if errs != nil {
		t.Fatalf("%s: %v", r.Plugin, errs)
	}
	found := plugins.Judge(plugins.Case{Plugin: p, Name: r.Plugin, Written: doc, Completed: filled, Names: set.Names})
	i := slices.IndexFunc(found, func(f plugins.Finding) bool { return f.Severity == finding.Error })
	if i < 0 {
		return ""
	}
	return strings.TrimSuffix(found[i].Message, ".")
}
