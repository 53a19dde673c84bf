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

// State of the providers for self-managed gateways, in their documented shapes,
// becomes that of the objects with the same IDs here, and the plan is empty.
func TestMove_elsewhere(t *testing.T) {
	t.Parallel()
	w, ids := neighbourhood(t)
	const community, own = "registry.terraform.io/kevholditch/kong", "registry.terraform.io/kong/kong-gateway"
	inAlice := object{"control_plane_id": w.ID, "consumer_id": ids["alice"]}
	for _, c := range []struct {
		from, type_, to string
		state, config   object
	}{
		{community, "kong_service", service,
			object{"id": ids["orders"], "name": "orders", "protocol": "http", "host": "a.example", "port": 80, "ca_certificate_ids": list()},
			w.in(object{"name": "orders", "host": "a.example"})},
		{community, "kong_route", route,
			object{"id": ids["slash"], "name": "route", "paths": list("/a"), "service_id": "", "header": list(), "source": list()},
			w.in(object{"name": "route", "paths": list("/a")})},
		{community, "kong_consumer", consumer, object{"id": ids["alice"], "username": "alice", "custom_id": "42"},
			w.in(object{"username": "alice", "custom_id": "42"})},
		{community, "kong_upstream", "konnect_gateway_upstream", object{"id": ids["upstream"], "name": "up.example", "slots": 10000},
			w.in(object{"name": "up.example"})},
		{community, "kong_target", "konnect_gateway_target",
			object{"id": ids["upstream"] + "/" + ids["target"], "target": "10.0.0.1:8000", "weight": 100, "upstream_id": ids["upstream"]},
			w.in(object{"upstream_id": ids["upstream"], "target": "10.0.0.1:8000"})},
		{community, "kong_consumer_key_auth", "konnect_gateway_key_auth",
			object{"id": ids["alice"] + "|" + ids["key"], "consumer_id": ids["alice"], "key": "s3cret/key"}, with(inAlice, object{"key": "s3cret/key"})},
		{community, "kong_consumer_acl", "konnect_gateway_acl",
			object{"id": ids["alice"] + "|" + ids["acl"], "consumer_id": ids["alice"], "group": "admins"}, with(inAlice, object{"group": "admins"})},
		{community, "kong_plugin", plugin,
			object{"id": ids["limit"], "name": "rate-limiting", "config_json": `{"minute":5}`, "strict_match": false, "service_id": ""},
			w.in(object{"name": "rate-limiting", "instance_name": "limit", "config": object{"minute": 5}})},
		{community, "kong_plugin", acctest.TypedName("rate-limiting"),
			object{"id": ids["limit"], "name": "rate-limiting", "config_json": `{"minute":5}`},
			w.in(object{"instance_name": "limit", "config": object{"minute": 5}})},
		{own, "kong-gateway_service", service, object{"id": ids["orders"], "name": "orders", "host": "a.example", "workspace": "default"},
			w.in(object{"name": "orders", "host": "a.example"})},
		{own, "kong-gateway_target", "konnect_gateway_target",
			object{"id": ids["target"], "target": "10.0.0.1:8000", "upstream": object{"id": ids["upstream"]}},
			w.in(object{"upstream_id": ids["upstream"], "target": "10.0.0.1:8000"})},
		{own, "kong-gateway_key_auth", "konnect_gateway_key_auth",
			object{"id": ids["key"], "key": "s3cret/key", "consumer": object{"id": ids["alice"]}}, with(inAlice, object{"key": "s3cret/key"})},
		{own, "kong-gateway_plugin_cors", acctest.TypedName("cors"),
			object{"id": ids["cors of orders"], "config": object{"max_age": nil}, "service": object{"id": ids["orders"]}},
			w.in(object{"config": object{}, "service": object{"id": ids["orders"]}})},
	} {
		t.Run(c.type_+" to "+c.to, func(t *testing.T) {
			moved, diags := w.move(t, c.type_, c.to, c.from, asJSON(t, c.state))
			if len(diags) > 0 {
				t.Fatal(acctest.Text(diags))
			}
			if resp, _ := w.p.Plan(t, c.to, c.config, moved); !strings.Contains(acctest.Text(resp.Diagnostics), "Plan once without -refresh=false") {
				t.Errorf("planned without a refresh: %s", acctest.Text(resp.Diagnostics))
			}
			w.settled(t, c.to, c.config, w.refresh(t, c.to, moved))
		})
	}
}

// What cannot be found, or belongs to nobody known, does not move, and it is said
// what to do.
func TestMove_elsewhere_refused(t *testing.T) {
	t.Parallel()
	w, ids := neighbourhood(t)
	const community = "registry.terraform.io/kevholditch/kong"
	for name, c := range map[string]struct {
		from, type_, to string
		state           object
		want            string
	}{
		"nowhere":        {community, "kong_service", service, object{"id": "01234567-0123-4567-89ab-0123456789ab"}, "none of the 1 control planes has a gateway service with the ID 01234567-0123-4567-89ab-0123456789ab"},
		"no id":          {community, "kong_service", service, object{"name": "orders"}, "lacks the ID"},
		"no consumer":    {community, "kong_consumer_key_auth", "konnect_gateway_key_auth", object{"id": ids["key"]}, "lacks the ID of the consumer"},
		"another type":   {community, "kong_route", service, object{"id": ids["orders"]}, "belongs to the provider"},
		"unknown type":   {community, "kong_api", service, object{"id": ids["orders"]}, "belongs to the provider"},
		"other provider": {"registry.terraform.io/example/kong", "kong_service", service, object{"id": ids["orders"]}, "belongs to the provider"},
		"other plugin":   {community, "kong_plugin", acctest.TypedName("acl"), object{"id": ids["limit"], "name": "rate-limiting"}, `an instance of the plugin "rate-limiting"`},
		"id of a number": {community, "kong_service", service, object{"id": 5}, "lacks the ID"},
	} {
		t.Run(name, func(t *testing.T) {
			moved, diags := w.move(t, c.type_, c.to, c.from, asJSON(t, c.state))
			if len(diags) == 0 {
				_, diags = w.p.Read(t, c.to, moved)
			}
			if got := acctest.Text(diags); !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func asJSON(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
