package provider_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
)

// Every plugin, in the smallest and in the largest configuration and as the
// examples have it: nothing is unknown that could be known, a second plan is
// empty, and so is one after an import.
func TestTyped_everyPlugin(t *testing.T) {
	t.Parallel()
	set := plugins.Bundled(entity.Plugin.Schema(), entity.Schemas)
	for _, group := range groups(set.Names(), 4) {
		t.Run(group[0], func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).unverified(t)
			for _, name := range group {
				p, err := set.Load(name)
				if err != nil {
					t.Fatal(err)
				}
				for kind, config := range acctest.Configurations(t, p) {
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
	name := acctest.TypedName(p.Name)
	in, err := resource.All()[name].Root().FromGo(map[string]any{"config": config})
	if err != nil {
		t.Fatal(err)
	}
	var attributes map[string]tftypes.Value
	if err := in.As(&attributes); err != nil {
		t.Fatal(err)
	}
	written := w.in(object{"config": attributes["config"]})
	if diags := w.p.Validate(t, name, written); acctest.ByKonnect.MatchString(acctest.Text(diags)) {
		return
	}
	resp, plan := w.p.Plan(t, name, written, tftypes.Value{})
	if p.Info.ManagedByKonnect {
		if !strings.Contains(acctest.Text(resp.Diagnostics), "placed by Konnect itself") {
			t.Errorf("planned: %s", acctest.Text(resp.Diagnostics))
		}
		return
	}
	if len(resp.Diagnostics) > 0 {
		t.Fatalf("plan: %s", acctest.Text(resp.Diagnostics))
	}
	if left := acctest.Unexpected(p, acctest.Unknowns(acctest.Go(plan))); len(left) > 0 {
		t.Errorf("unknown at plan: %v", left)
	}
	state := w.create(t, name, written)
	w.settled(t, name, written, state)
	w.imported(t, name, written, state)
	if _, diags := w.p.Apply(t, name, nil, state); len(diags) > 0 {
		t.Errorf("delete: %s", acctest.Text(diags))
	}
}

// imported insists that nothing is left to do after an import.
func (w *world) imported(t *testing.T, resource string, config object, state tftypes.Value) {
	t.Helper()
	id, err := json.Marshal(map[string]any{"id": text(state, "id"), "control_plane_id": w.ID})
	if err != nil {
		t.Fatal(err)
	}
	adopted, diags := w.p.Import(t, resource, string(id))
	if len(diags) > 0 {
		t.Fatalf("import: %s", acctest.Text(diags))
	}
	w.settled(t, resource, config, adopted)
}
