package provider_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// world is a control plane with a provider that is connected to it.
type world struct {
	*acctest.World

	p *acctest.Protocol
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := acctest.NewWorld(t)
	return &world{w, w.Protocol(t)}
}

// unverified says that data planes take certificates without verification.
func (w *world) unverified(t testing.TB) *world {
	t.Helper()
	if diags := w.p.Configure(t, object{"embedded": object{"path": "a"}, "minimum_data_plane_version": "3.13"}); len(diags) > 0 {
		t.Fatal(acctest.Text(diags))
	}
	return w
}

// in adds the control plane to a configuration.
func (w *world) in(config object) object {
	out := object{"control_plane_id": w.ID}
	for k, v := range config {
		out[k] = v
	}
	return out
}

// create applies a configuration.
func (w *world) create(t testing.TB, resource string, config object) tftypes.Value {
	t.Helper()
	return w.apply(t, resource, config, tftypes.Value{})
}

// apply applies a configuration over a state, and insists that the plan was
// kept.
func (w *world) apply(t testing.TB, resource string, config object, prior tftypes.Value) tftypes.Value {
	t.Helper()
	_, plan := w.p.Plan(t, resource, config, prior)
	state, diags := w.p.Apply(t, resource, config, prior)
	if len(diags) > 0 {
		t.Fatalf("apply: %s", acctest.Text(diags))
	}
	if broken := unkept(acctest.Go(plan), acctest.Go(state), ""); len(broken) > 0 {
		t.Errorf("the state is not as planned at %v:\nplan  %v\nstate %v", broken, acctest.Go(plan), acctest.Go(state))
	}
	return state
}

// unkept lists the places where a known value of a plan is not that of the
// state.
func unkept(plan, state any, at string) (out []string) {
	if plan == acctest.Unknown {
		return nil
	}
	switch plan := plan.(type) {
	case map[string]any:
		s, _ := state.(map[string]any)
		if len(s) != len(plan) {
			return []string{at}
		}
		for k, v := range plan {
			out = append(out, unkept(v, s[k], at+"."+k)...)
		}
		return out
	case []any:
		s, _ := state.([]any)
		if len(s) != len(plan) {
			return []string{at}
		}
		for i, v := range plan {
			out = append(out, unkept(v, s[i], fmt.Sprintf("%s[%d]", at, i))...)
		}
		return out
	}
	if !reflect.DeepEqual(plan, state) {
		return []string{at}
	}
	return nil
}

// refresh reads a state anew.
func (w *world) refresh(t testing.TB, resource string, state tftypes.Value) tftypes.Value {
	t.Helper()
	out, diags := w.p.Read(t, resource, state)
	if len(diags) > 0 {
		t.Fatalf("read: %s", acctest.Text(diags))
	}
	return out
}

// plan refreshes and plans, as terraform plan does. It returns the paths that
// the plan changes, the plan and whether it replaces.
func (w *world) plan(t testing.TB, resource string, config object, state tftypes.Value) (changed []string, plan tftypes.Value, resp *tfprotov6.PlanResourceChangeResponse) {
	t.Helper()
	state = w.refresh(t, resource, state)
	resp, plan = w.p.Plan(t, resource, config, state)
	if len(resp.Diagnostics) > 0 {
		t.Fatalf("plan: %s", acctest.Text(resp.Diagnostics))
	}
	return acctest.Changes(acctest.Go(state), acctest.Go(plan)), plan, resp
}

// settled insists that nothing is left to do.
func (w *world) settled(t testing.TB, resource string, config object, state tftypes.Value) {
	t.Helper()
	if changed, _, resp := w.plan(t, resource, config, state); len(changed) > 0 || len(resp.RequiresReplace) > 0 {
		t.Errorf("a second plan changes %v (replaces %v)", changed, resp.RequiresReplace)
	}
}

// wantChanges insists on what a plan changes.
func (w *world) wantChanges(t testing.TB, resource string, config object, state tftypes.Value, want ...string) tftypes.Value {
	t.Helper()
	changed, plan, resp := w.plan(t, resource, config, state)
	if !slices.Equal(changed, want) {
		t.Errorf("the plan changes %v, want %v", changed, want)
	}
	if len(resp.RequiresReplace) > 0 {
		t.Errorf("the plan replaces because of %v", resp.RequiresReplace)
	}
	return plan
}

// get returns a value below an object by a dotted path.
func get(v tftypes.Value, path ...string) any {
	out := acctest.Go(v)
	for _, step := range path {
		m, _ := out.(map[string]any)
		out = m[step]
	}
	return out
}

func text(v tftypes.Value, path ...string) string {
	s, _ := get(v, path...).(string)
	return s
}

func refTo(kind string, scope []string) client.Ref {
	return client.Ref{Type: entity.Named(kind), Parents: scope}
}
