package acceptance

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
)

// publishedFacts are the attributes of the published provider's resources: what each
// is, by its path.
func publishedFacts(t *testing.T) map[string]string {
	t.Helper()
	plain, err := os.Open("../provider/testdata/published.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = plain.Close() }()
	packed, err := os.Open("../provider/testdata/published_plugins.tsv.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = packed.Close() }()
	unpacked, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(io.MultiReader(plain, unpacked))
	if err != nil {
		t.Fatal(err)
	}
	facts := map[string]string{}
	for line := range strings.Lines(string(text)) {
		path, fact, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if kind, _, _ := strings.Cut(path, "."); !strings.HasPrefix(kind, "data:") {
			facts[path], facts[kind] = fact, "nested single"
		}
	}
	return facts
}

// onlyPublished takes out of a value what the published provider does not know.
func onlyPublished(facts map[string]string, path string, v any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			onlyPublished(facts, path, e)
		}
	case map[string]any:
		switch nested, _, _ := strings.Cut(facts[path], "\t"); {
		case nested == "nested map":
			for _, e := range v {
				onlyPublished(facts, path+".", e)
			}
		case strings.HasPrefix(nested, "nested"):
			for name, e := range v {
				if facts[path+"."+name] == "" {
					delete(v, name)
				}
				onlyPublished(facts, path+"."+name, e)
			}
		}
	}
}

// asPublished rewrites a state file as the published provider would have left it,
// with what change makes of each object's attributes, and returns the ids. Kinds
// that it does not have stay as they are.
func asPublished(t *testing.T, file string, change func(attributes map[string]any)) (ids []string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var state map[string]any
	if err := json.Unmarshal(text, &state); err != nil {
		t.Fatal(err)
	}
	facts := publishedFacts(t)
	for _, r := range state["resources"].([]any) {
		r := r.(map[string]any)
		kind := r["type"].(string)
		if facts[kind] == "" {
			continue
		}
		r["provider"] = `provider["registry.terraform.io/kong/konnect"]`
		for _, i := range r["instances"].([]any) {
			instance := i.(map[string]any)
			for _, ours := range []string{"private", "identity", "identity_schema_version"} {
				delete(instance, ours)
			}
			attributes := instance["attributes"].(map[string]any)
			onlyPublished(facts, kind, attributes)
			change(attributes)
			ids = append(ids, fmt.Sprint(attributes["id"]))
		}
	}
	if text, err = json.Marshal(state); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return ids
}

// replaced moves a state of the published provider to this one, by terraform.
func replaced(t *testing.T, tf *acctest.Terraform) {
	t.Helper()
	if out, exit := tf.Run(t, "state", "replace-provider", "-auto-approve", "kong/konnect", "hashicorp/konnect"); exit != 0 {
		t.Fatalf("%s", out)
	}
}

// State of the published provider plans empty whatever the kind, with nothing said
// that was not said before, and so it does once the state is written again.
func TestAccPublished_everyKind(t *testing.T) {
	t.Parallel()
	files := estateFiles(t)
	files["provider.tf"] = ourProvider
	files["more.tf"] = `resource "konnect_gateway_custom_plugin" "all" {
  for_each         = local.two
  control_plane_id = local.plane
  name             = each.key == "first" ? "correlation-id" : "proxy-cache"
  config           = each.key == "first" ? {} : { strategy = "memory" }
  tags             = [each.key, "estate"]
}
`
	cp := acctest.New(t)
	tf := cp.Terraform(t, files)
	applied(t, tf)
	applied(t, tf) // now it holds what came of others, too: the names of a certificate
	held, kinds := attributes(t, tf), map[string]int{}
	for address := range held {
		kind, _, _ := strings.Cut(address, ".")
		kinds[kind]++
	}
	for path := range publishedFacts(t) {
		if !strings.Contains(path, ".") && !strings.Contains(path, "_gateway_plugin_") && kinds[path] < 2 {
			t.Errorf("nothing tries %s", path)
		}
	}
	usual := planned(t, tf) // what the configurations themselves deserve
	asPublished(t, tf.File("terraform.tfstate"), func(map[string]any) {})
	replaced(t, tf)

	writes := cp.Writes()
	empty := func(when string) {
		t.Helper()
		if said := planned(t, tf); len(said) != len(usual) {
			t.Errorf("%s: the plan says %v", when, said)
		}
		plan, _ := tf.Plan(t)
		for address, c := range plan {
			if !slices.Equal(c.Actions, []string{"no-op"}) {
				t.Errorf("%s: the plan is to %v %s: %v", when, c.Actions, address, acctest.Changes(c.Before, c.After))
			}
		}
		if cp.Writes() != writes {
			t.Errorf("%s: %d writes", when, cp.Writes()-writes)
		}
	}
	empty("as it comes")
	applied(t, tf)
	empty("written again")
	for address, after := range attributes(t, tf) {
		if changed := acctest.Changes(held[address], after); len(changed) > 0 {
			t.Errorf("%s: the state is another one in %v", address, changed)
		}
	}
}
