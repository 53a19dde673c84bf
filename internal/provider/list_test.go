package provider_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
)

// Every resource can be listed: the protocol wants that said in two places.
func TestList_schemas(t *testing.T) {
	t.Parallel()
	p := acctest.Offline(t)
	schemas, err := p.Server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	metadata, err := p.Server.GetMetadata(context.Background(), &tfprotov6.GetMetadataRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range resource.All() {
		named := slices.ContainsFunc(metadata.ListResources, func(m tfprotov6.ListResourceMetadata) bool { return m.TypeName == name })
		if schemas.ListResourceSchemas[name] == nil || !named {
			t.Errorf("%s has no list", name)
			continue
		}
		required := 0
		for _, a := range schemas.ListResourceSchemas[name].Block.Attributes {
			if a.Required {
				required++
			}
			if a.Description == "" || a.Required == a.Optional {
				t.Errorf("%s: %v", name, a)
			}
		}
		if want := len(r.Type.Owners()) > 0; (required > 0) != want {
			t.Errorf("%s: %d required arguments", name, required)
		}
	}
}

// A list shows what is there by names that people know, by the filters that were
// given.
func TestList(t *testing.T) {
	t.Parallel()
	w, ids := neighbourhood(t)
	for i := range 3 {
		w.Make(t, entity.Service, w.Scope(), object{"name": fmt.Sprintf("more-%d", i), "host": "a.example", "tags": list("a", fmt.Sprintf("n%d", i))})
	}
	w.Make(t, entity.Route, w.Scope(), object{"hosts": list("a.example"), "paths": list("/x")})
	w.Make(t, entity.Route, w.Scope(), object{"name": "expr", "expression": `http.path == "/"`})
	w.Make(t, entity.PluginSchema, w.Scope(), object{"lua_schema": lua("mine", "")})
	w.Make(t, entity.ControlPlane, nil, object{"name": "team", "cluster_type": "CLUSTER_TYPE_CONTROL_PLANE_GROUP", "labels": object{"a": "b"}})
	for name, c := range map[string]struct {
		resource string
		config   object
		want     []string
	}{
		"planes":      {plane, object{}, names("team", "world")},
		"by label":    {plane, object{"labels": object{"a": "b"}}, names("team")},
		"other label": {plane, object{"labels": object{"a": "c"}}, nil},
		"services":    {service, w.in(nil), names("more-0", "more-1", "more-2", "orders")},
		"by name":     {service, object{"control_plane_id": "world", "name_contains": "more"}, names("more-0", "more-1", "more-2")},
		"by tags":     {service, w.in(object{"tags": list("a", "n1")}), names("more-1")},
		"by both":     {service, w.in(object{"tags": list("a"), "name_contains": "2"}), names("more-2")},
		"none":        {service, w.in(object{"name_contains": "zzz"}), nil},
		"routes":      {route, w.in(nil), names("a.example /x", "route")},
		"expressions": {"konnect_gateway_route_expression", w.in(nil), names("expr")},
		"consumers":   {consumer, w.in(object{"name_contains": "b"}), names("bob")},
		"all acls":    {"konnect_gateway_acl", w.in(nil), names("admins (consumer alice)")},
		"acls of one": {"konnect_gateway_acl", w.in(object{"consumer_id": "bob"}), nil},
		"keys":        {"konnect_gateway_key_auth", w.in(nil), names(ids["key"] + " (consumer alice)")},
		"targets":     {"konnect_gateway_target", w.in(object{"upstream_id": "up.example"}), names("10.0.0.1:8000 (upstream up.example)")},
		"all targets": {"konnect_gateway_target", w.in(nil), names("10.0.0.1:8000 (upstream up.example)")},
		"members":     {member, w.in(object{"consumer_group_id": "gold"}), names("alice")},
		"memberships": {"konnect_gateway_control_plane_membership", object{}, names("team")},
		"secrets":     {"konnect_gateway_config_store_secret", w.in(object{"config_store_id": "store"}), names("token")},
		"plugins":     {plugin, w.in(nil), names("cors", "cors (gateway service orders)", "rate-limiting limit")},
		"of one kind": {acctest.TypedName("cors"), w.in(nil), names("cors", "cors (gateway service orders)")},
		"of no kind":  {acctest.TypedName("acl"), w.in(nil), nil},
		"uploads":     {upload, w.in(nil), names("mine")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found, diags := w.p.List(t, c.resource, c.config, true, 0)
			if len(diags) > 0 {
				t.Fatal(acctest.Text(diags))
			}
			var got []string
			for _, one := range found {
				got = append(got, one.Name)
				// The state is that of an import and a read.
				imported, diags := w.p.ImportIdentity(t, c.resource, one.Identity)
				if len(diags) > 0 {
					t.Fatal(acctest.Text(diags))
				}
				if read := w.refresh(t, c.resource, imported); !read.Equal(one.State) {
					t.Errorf("%s: an import and a read differ in %v", one.Name, acctest.Changes(acctest.Go(one.State), acctest.Go(read)))
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func names(all ...string) []string { return all }

// A list ends at its limit and costs no page more than that takes.
func TestList_limit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 5 {
		w.Make(t, entity.Service, w.Scope(), object{"name": fmt.Sprintf("s%d", i), "host": "a.example"})
	}
	for limit, want := range map[int64]int{0: 5, 1: 1, 3: 3, 9: 5} {
		w.begin(t)
		found, diags := w.p.List(t, service, w.in(nil), false, limit)
		if len(found) != want || len(diags) > 0 {
			t.Errorf("limit %d: %d objects, %s", limit, len(found), acctest.Text(diags))
		}
		if requests := w.Requests(); len(requests) != 1 {
			t.Errorf("limit %d: %v", limit, requests)
		}
		for _, one := range found {
			if one.State.Type() != nil {
				t.Error("a state that nobody asked for")
			}
		}
	}
}

// What cannot be listed is said, and what is wrong with the arguments.
func TestList_refused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, c := range map[string]struct {
		resource string
		config   object
		want     string
	}{
		"no plane":     {service, object{"control_plane_id": "shop"}, `There is no control plane with the name "shop"`},
		"no such id":   {service, object{"control_plane_id": acctest.SomeID}, "Unable to list: gateway service"},
		"empty plane":  {service, object{"control_plane_id": ""}, "control_plane_id: it is empty."},
		"empty name":   {service, w.in(object{"name_contains": ""}), "name_contains: it is empty."},
		"a comma":      {service, w.in(object{"tags": list("a,b")}), `"a,b" is no tag`},
		"a slash":      {service, w.in(object{"tags": list("a/b")}), `"a/b" is no tag`},
		"an empty tag": {service, w.in(object{"tags": list("")}), `"" is no tag`},
		"many tags":    {service, w.in(object{"tags": list("a", "b", "c", "d", "e", "f")}), "there are 6, and a control plane takes 5 at most"},
		"no consumer":  {"konnect_gateway_acl", w.in(object{"consumer_id": "alice"}), `There is no consumer with the username or custom_id "alice"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found, diags := w.p.List(t, c.resource, c.config, true, 0)
			if got := acctest.Text(diags); len(found) > 0 || !strings.Contains(got, c.want) {
				t.Errorf("got %v, %s", found, got)
			}
		})
	}
}
