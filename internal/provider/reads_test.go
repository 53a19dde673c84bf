package provider_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// managed is an object that Terraform manages.
type managed struct {
	resource string
	typ      *entity.Type
	key      string
	state    tftypes.Value
}

// populate stores a few of each kind and returns them as Terraform imports them.
func populate(t *testing.T, w *world) (all []managed) {
	t.Helper()
	adopt := func(resource string, typ *entity.Type, id any, keys object) string {
		text, _ := id.(string)
		imported, diags := w.p.Import(t, resource, importID(t, keys))
		if len(diags) > 0 {
			t.Fatal(acctest.Text(diags))
		}
		all = append(all, managed{resource, typ, text, imported})
		return text
	}
	store := func(resource string, typ *entity.Type, doc object) string {
		id := w.Make(t, typ, w.Scope(), doc)["id"]
		return adopt(resource, typ, id, object{"id": id, "control_plane_id": w.ID})
	}
	for i := range 4 {
		service := store("konnect_gateway_service", entity.Service, object{"name": fmt.Sprintf("s%d", i), "host": "h.example"})
		store("konnect_gateway_route", entity.Route, object{"name": fmt.Sprintf("r%d", i), "paths": []any{"/a"}, "service": object{"id": service}})
		consumer := store("konnect_gateway_consumer", entity.Consumer, object{"username": fmt.Sprintf("c%d", i)})
		group := store("konnect_gateway_consumer_group", entity.ConsumerGroup, object{"name": fmt.Sprintf("g%d", i)})
		store("konnect_gateway_plugin_acl", entity.Plugin, object{"name": "acl", "service": object{"id": service}, "config": object{"allow": []any{"a"}}})
		store("konnect_gateway_custom_plugin", entity.Plugin, object{"name": "rate-limiting", "consumer_group": object{"id": group}, "config": object{"minute": 5}})
		for j, m := range all {
			if m.resource == "konnect_gateway_consumer_group" && j < len(all) {
				keys := object{"control_plane_id": w.ID, "consumer_group_id": m.key, "consumer_id": consumer}
				w.apply(t, "konnect_gateway_consumer_group_member", keys, tftypes.Value{})
				adopt("konnect_gateway_consumer_group_member", nil, m.key+"/consumers/"+consumer, keys)
			}
		}
	}
	for i := range 3 {
		id := w.MakePlane(t, object{"description": fmt.Sprint(i)})
		adopt("konnect_gateway_control_plane", entity.ControlPlane, id, object{"id": id})
	}
	for i := range 3 {
		name := fmt.Sprintf("mine%d", i)
		w.Make(t, entity.PluginSchema, w.Scope(), object{"lua_schema": lua(name, "")})
		adopt("konnect_gateway_custom_plugin_schema", entity.PluginSchema, name, object{"name": name, "control_plane_id": w.ID})
	}
	return all
}

// importID is the text of an import id.
func importID(t *testing.T, keys object) string {
	t.Helper()
	var parts []string
	for k, v := range keys {
		parts = append(parts, fmt.Sprintf("%q:%q", k, v))
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// begin configures the provider anew, as Terraform does before each walk.
func (w *world) begin(t testing.TB) {
	t.Helper()
	if diags := w.p.Configure(t, object{"embedded": object{"path": "x"}}); len(diags) > 0 {
		t.Fatal(acctest.Text(diags))
	}
	w.Requests()
}

// walked reads everything on one walk, ten at a time.
func (w *world) walked(t *testing.T, all []managed) []tftypes.Value {
	t.Helper()
	w.begin(t)
	out := make([]tftypes.Value, len(all))
	places := make(chan int, len(all))
	for i := range all {
		places <- i
	}
	close(places)
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			for i := range places {
				state, diags := w.p.Read(t, all[i].resource, all[i].state)
				if len(diags) > 0 {
					t.Error(acctest.Text(diags))
				}
				out[i] = state
			}
		})
	}
	wg.Wait()
	return out
}

// A walk through many resources finds what each finds by itself, in less calls.
func TestRead_together(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all := populate(t, w)
	for _, stage := range []struct {
		name   string
		change func(m managed, i int)
		most   int // calls
	}{
		{"unchanged", func(managed, int) {}, 30},
		{"changed", func(m managed, i int) {
			switch m.typ {
			case entity.Service, entity.Route, entity.Consumer, entity.ConsumerGroup, entity.Plugin:
				w.Change(t, m.typ, w.Scope(), m.key, object{"tags": []any{fmt.Sprintf("t%d", i)}})
			case entity.ControlPlane:
				w.Change(t, m.typ, nil, m.key, object{"labels": object{"n": fmt.Sprint(i)}})
			case entity.PluginSchema:
				w.Change(t, m.typ, w.Scope(), m.key, object{"lua_schema": lua(m.key, "{ more = { type = \"string\" } },")})
			}
		}, 30},
		{"in part gone", func(m managed, i int) {
			if i%3 == 0 && (m.typ == entity.Plugin || m.typ == entity.Route || m.typ == entity.Consumer) {
				w.Remove(t, m.typ, w.Scope(), m.key)
			}
		}, 60},
	} {
		for i, m := range all {
			stage.change(m, i)
		}
		found := w.walked(t, all)
		if calls := w.Requests(); len(calls) > stage.most {
			t.Errorf("%s: %d calls for %d resources:\n%s", stage.name, len(calls), len(all), strings.Join(calls, "\n"))
		}
		gone := 0
		for i, m := range all {
			w.begin(t)
			alone := w.refresh(t, m.resource, m.state)
			if alone.IsNull() {
				gone++
			}
			if calls := w.Requests(); len(calls) != 1 {
				t.Errorf("%s: %d calls for one %s", stage.name, len(calls), m.resource)
			}
			if !alone.Equal(found[i]) {
				t.Errorf("%s: %s %s: together %v, alone %v", stage.name, m.resource, m.key, acctest.Go(found[i]), acctest.Go(alone))
			}
		}
		if (gone > 0) != (stage.name == "in part gone") {
			t.Errorf("%s: %d are gone", stage.name, gone)
		}
	}
}

// What was just made is there: whoever refers to it need not ask.
func TestRead_made(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 3 {
		made := w.create(t, service, w.in(object{"host": "h.example"}))
		w.Requests()
		config := w.in(object{"service": object{"id": get(made, "id")}, "config": object{"allow": list("a")}})
		resp, _ := w.p.Plan(t, acctest.TypedName("acl"), config, tftypes.Value{})
		if len(resp.Diagnostics) > 0 {
			t.Fatal(acctest.Text(resp.Diagnostics))
		}
		for _, r := range w.Requests() {
			if strings.Contains(r, "/services/") {
				t.Errorf("%d: asked by %s", i, r)
			}
		}
	}
}
