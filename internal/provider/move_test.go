package provider_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
)

// rawState is a state as Terraform's file holds it; dynamic values name their
// types there.
func rawState(t *testing.T, state tftypes.Value, dynamic ...string) []byte {
	t.Helper()
	doc, _ := acctest.Go(state).(map[string]any)
	for _, name := range dynamic {
		if doc[name] != nil {
			var fields map[string]tftypes.Value
			if err := state.As(&fields); err != nil {
				t.Fatal(err)
			}
			typ, err := fields[name].Type().MarshalJSON() //nolint:staticcheck // there is no other way to write a type
			if err != nil {
				t.Fatal(err)
			}
			doc[name] = map[string]any{"value": doc[name], "type": json.RawMessage(typ)}
		}
	}
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func (w *world) move(t *testing.T, from, to, address string, raw []byte) (tftypes.Value, []*tfprotov6.Diagnostic) {
	t.Helper()
	resp, err := w.p.Server.MoveResourceState(context.Background(), &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: address, SourceTypeName: from, TargetTypeName: to, SourceState: &tfprotov6.RawState{JSON: raw},
	})
	if err != nil {
		t.Fatal(err)
	}
	if resp.TargetState == nil {
		return tftypes.Value{}, resp.Diagnostics
	}
	state, err := resp.TargetState.Unmarshal(w.p.Type(t, to))
	if err != nil {
		t.Fatal(err)
	}
	if resp.TargetIdentity == nil {
		t.Error("no identity")
	}
	return state, resp.Diagnostics
}

// A plugin moves between its own resource and those that take any plugin, both
// ways, and the plan after that is empty.
func TestMove_plugins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := object{"max_age": 5, "methods": list("GET")}
	typed := acctest.TypedName("cors")
	own, any := w.in(object{"config": config}), w.in(object{"name": "cors", "config": config})
	for _, address := range []string{"registry.terraform.io/openkonnect/konnect", "registry.terraform.io/kong/konnect"} {
		state := w.create(t, typed, own)
		for _, to := range []string{plugin, custom} {
			moved, diags := w.move(t, typed, to, address, rawState(t, state))
			if len(diags) > 0 {
				t.Fatal(acctest.Text(diags))
			}
			w.settled(t, to, any, moved)
			read := w.refresh(t, to, moved)
			back, diags := w.move(t, to, typed, address, rawState(t, read, "config", "effective_config"))
			if len(diags) > 0 {
				t.Fatal(acctest.Text(diags))
			}
			w.settled(t, typed, own, back)
			_, diags = w.move(t, to, acctest.TypedName("acl"), address, rawState(t, read, "config", "effective_config"))
			if got := acctest.Text(diags); !strings.Contains(got, `an instance of the plugin "cors"`) {
				t.Errorf("moved to another plugin: %s", got)
			}
		}
		_, diags := w.move(t, typed, acctest.TypedName("acl"), address, rawState(t, state))
		if got := acctest.Text(diags); !strings.Contains(got, `an instance of the plugin "cors"`) {
			t.Errorf("moved to another plugin: %s", got)
		}
		if _, diags := w.p.Apply(t, typed, nil, state); len(diags) > 0 {
			t.Fatal(acctest.Text(diags))
		}
	}
}
