package provider

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
)

// Which attributes are sensitive is listed, so that a change of the rule shows
// what it means for every resource.
func TestResources_sensitive(t *testing.T) {
	t.Parallel()
	const file = "testdata/sensitive.txt"
	var got strings.Builder
	for _, name := range slices.Sorted(maps.Keys(resource.All())) {
		sensitiveBelow(resource.All()[name].Root(), name, &got)
	}
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")); diff != "" {
		t.Errorf("sensitive attributes (-listed +ours):\n%s", diff)
	}
}

func sensitiveBelow(a *attribute.Attribute, at string, out *strings.Builder) {
	for _, c := range a.Children {
		path := at + "." + c.Name
		if c.Sensitive {
			out.WriteString(strings.TrimPrefix(path, "konnect_gateway_") + "\n")
			continue
		}
		for inner := c; inner != nil; inner = inner.Elem {
			sensitiveBelow(inner, path, out)
		}
	}
}
