package provider_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins/sample"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider"
)

// typedName is the resource type for a plugin.
func typedName(plugin string) string {
	return "konnect_gateway_plugin_" + strings.ReplaceAll(plugin, "-", "_")
}

// byKonnect tells what is wrong with a configuration by Konnect's rules, which
// samples made from schemas do not know.
var byKonnect = regexp.MustCompile(`Konnect|data planes have no database`)

// configurations returns configurations of a plugin by what they are: the
// smallest one, one that gives every field, and examples.
func configurations(t testing.TB, p *plugins.Plugin) map[string]map[string]any {
	t.Helper()
	out := map[string]map[string]any{}
	for name, make := range map[string]func() (map[string]any, error){
		"minimal": func() (map[string]any, error) { return sample.Minimal(t.Context(), p) },
		"rich":    func() (map[string]any, error) { return sample.Rich(t.Context(), p) },
	} {
		config, err := make()
		if err != nil {
			t.Fatal(err)
		}
		if p.Name == "ai-mcp-proxy" && name == "rich" {
			// Any list will do for the schema; the resource is more precise.
			config["tools"].([]any)[0].(map[string]any)["parameters"] = []any{map[string]any{"name": "a", "in": "query", "schema": map[string]any{"type": "string"}}}
		}
		out[name] = sample.InKonnect(t.Context(), p, config)
	}
	file, err := os.Open(filepath.Join("../plugins/testdata/examples", p.Name+".json"))
	if os.IsNotExist(err) {
		return out
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	d := json.NewDecoder(file)
	d.UseNumber()
	var examples struct {
		Valid []struct {
			Config map[string]any `json:"config"`
		} `json:"valid"`
	}
	if err := d.Decode(&examples); err != nil {
		t.Fatal(err)
	}
	for i, e := range examples.Valid {
		out[fmt.Sprintf("example %d", i+1)] = e.Config
	}
	return out
}

// Every plugin, in the smallest and in the largest configuration and as the
// examples have it: nothing is unknown that could be known, a second plan is
// empty, and so is one after an import.
func TestTyped_everyPlugin(t *testing.T) {
	t.Parallel()
	set := plugins.Bundled(entity.Plugin.Schema(), entity.Schemas)
	for _, group := range groups(set.Names(), 4) {
		t.Run(group[0], func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for _, name := range group {
				p, err := set.Load(name)
				if err != nil {
					t.Fatal(err)
				}
				for kind, config := range configurations(t, p) {
					t.Run(name+" "+kind, func(t *testing.T) { typedLifecycle(t, w, p, config) })
				}
			}
		})
	}
}

func groups(names []string, n int) (out [][]string) {
	for chunk := range slices.Chunk(names, (len(names)+n-1)/n) {
		out = append(out, chunk)
	}
	return out
}

func typedLifecycle(t *testing.T, w *world, p *plugins.Plugin, config map[string]any) {
	resource := typedName(p.Name)
	in, err := provider.Shape(resource, map[string]any{"config": config})
	if err != nil {
		t.Fatal(err)
	}
	var attributes map[string]tftypes.Value
	if err := in.As(&attributes); err != nil {
		t.Fatal(err)
	}
	written := w.in(object{"config": attributes["config"]})
	if diags := w.p.Validate(t, resource, written); byKonnect.MatchString(acctest.Text(diags)) {
		return
	}
	resp, plan := w.p.Plan(t, resource, written, tftypes.Value{})
	if p.Info.ManagedByKonnect {
		if !strings.Contains(acctest.Text(resp.Diagnostics), "placed by Konnect itself") {
			t.Errorf("planned: %s", acctest.Text(resp.Diagnostics))
		}
		return
	}
	if len(resp.Diagnostics) > 0 {
		t.Fatalf("plan: %s", acctest.Text(resp.Diagnostics))
	}
	if left := unexpected(p, unknowns(acctest.Go(plan), "")); len(left) > 0 {
		t.Errorf("unknown at plan: %v", left)
	}
	state := w.create(t, resource, written)
	w.settled(t, resource, written, state)
	w.imported(t, resource, written, state)
	if _, diags := w.p.Apply(t, resource, nil, state); len(diags) > 0 {
		t.Errorf("delete: %s", acctest.Text(diags))
	}
}

// unexpected are the unknown parts of a plan that the server does not make.
func unexpected(p *plugins.Plugin, unknown []string) []string {
	return slices.DeleteFunc(unknown, func(path string) bool {
		name, inConfig := strings.CutPrefix(path, "config.")
		if !inConfig {
			return slices.Contains([]string{"created_at", "id", "updated_at"}, path)
		}
		f := p.Schema.Field("config").Record.Field(name)
		return f != nil && f.Auto
	})
}

// imported insists that nothing is left to do after an import.
func (w *world) imported(t *testing.T, resource string, config object, state tftypes.Value) {
	t.Helper()
	id, err := json.Marshal(map[string]any{"id": text(state, "id"), "control_plane_id": w.id})
	if err != nil {
		t.Fatal(err)
	}
	adopted, diags := w.p.Import(t, resource, string(id))
	if len(diags) > 0 {
		t.Fatalf("import: %s", acctest.Text(diags))
	}
	w.settled(t, resource, config, adopted)
}
