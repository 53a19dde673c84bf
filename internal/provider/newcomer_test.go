package provider_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/controlplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/deck"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
	"github.com/openkonnect/terraform-provider-konnect/internal/server"
)

// mirrors is an entity that there is not: nothing but this row knows of it.
var mirrors = &entity.Type{
	Name:         "mirrors",
	Singular:     "mirror",
	Resource:     "konnect_gateway_mirror",
	Title:        "gateway mirror",
	Path:         "core-entities/mirrors",
	Parent:       entity.ControlPlane,
	NestedBelow:  []string{"services"},
	ID:           "id",
	Key:          "label",
	NameFilter:   "label",
	EqualFilters: []string{"kind"},
	Unique: []entity.Unique{
		{Name: "label", Fields: []string{"label"}},
		{Name: "kind-per-service", Fields: []string{"service", "kind"}},
	},
	References: []entity.Reference{{Field: "service", Target: "services", OnDelete: entity.Restrict}},
	Limit:      3,
	Define: func() schema.Def {
		id, _ := schema.Typedef("uuid")
		return schema.Def{"name": "mirrors", "primary_key": []any{"id"}, "endpoint_key": "label", "fields": []any{
			schema.Def{"id": id},
			schema.Def{"label": schema.Def{"type": "string", "required": true}},
			schema.Def{"kind": schema.Def{"type": "string", "default": "plain", "one_of": []any{"plain", "round"}}},
			schema.Def{"service": schema.Def{"type": "foreign", "reference": "services"}},
		}}
	},
	Computed: []string{"id"},
}

// newcomers is a control plane that has mirrors, too.
type newcomers struct {
	plane  *controlplane.ControlPlane
	client *client.Client
	types  entity.Table
	ids    map[string]string // of control planes, by name
}

func newNewcomers(t *testing.T) *newcomers {
	t.Helper()
	w := &newcomers{types: append(entity.Types(), mirrors), ids: map[string]string{}}
	var err error
	w.plane, err = controlplane.Open(t.Context(), controlplane.Options{
		Database: ":memory:", Types: w.types, API: server.Options{Limits: w.types.Limits()},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.plane.Close() })
	if w.client, err = client.New(client.Options{Transport: client.HandlerTransport(w.plane)}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"one", "two"} {
		doc, err := w.client.Create(t.Context(), client.Ref{Type: entity.ControlPlane}, object{"name": name})
		if err != nil {
			t.Fatal(err)
		}
		w.ids[name] = doc["id"].(string)
	}
	if err := w.create(t.Context(), "one", entity.Service, object{"id": acctest.SomeID, "name": "s", "host": "h"}); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *newcomers) at(plane string, typ *entity.Type, key string) client.Ref {
	return client.Ref{Type: typ, Parents: []string{w.ids[plane]}, Key: key}
}

func (w *newcomers) create(ctx context.Context, plane string, typ *entity.Type, doc object) error {
	_, err := w.client.Create(ctx, w.at(plane, typ, ""), doc)
	return err
}

// An entity is one row: with nothing else said of it, it is served, stored,
// filtered and limited.
func TestNewcomer_served(t *testing.T) {
	t.Parallel()
	w := newNewcomers(t)
	for _, c := range []struct {
		doc  object
		want error
	}{
		{object{"label": "a", "service": object{"id": acctest.SomeID}}, nil},
		{object{"label": "b", "kind": "round"}, nil},
		{object{"label": "a"}, client.ErrConflict},
		{object{"label": "c", "service": object{"id": strings.ToUpper(acctest.SomeID)}}, client.ErrConflict},
		{object{"label": "c", "service": object{"id": anotherID}}, client.ErrReference},
		{object{"label": "c", "kind": "square"}, client.ErrInvalid},
		{object{"kind": "round"}, client.ErrInvalid},
		{object{"label": "c"}, nil},
		{object{"label": "d"}, client.ErrQuota},
	} {
		if err := w.create(t.Context(), "one", mirrors, c.doc); !errors.Is(err, c.want) {
			t.Errorf("%v: got %v, want %v", c.doc, err, c.want)
		}
	}
	for query, want := range map[string]string{
		"":                              "a b c",
		"filter[name][eq]=b":            "b",
		"filter[name][contains]=c":      "c",
		"kind=round":                    "b",
		"kind=plain":                    "a c",
		"kind=plain&filter[name][eq]=b": "",
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		list, err := w.client.List(t.Context(), w.at("one", mirrors, ""), values)
		var labels []string
		for _, doc := range list {
			labels = append(labels, doc["label"].(string))
		}
		if got := strings.Join(labels, " "); err != nil || got != want {
			t.Errorf("%q: got %q, %v, want %q", query, got, err, want)
		}
	}
	if doc, err := w.client.Get(t.Context(), w.at("one", mirrors, "a")); err != nil || doc["kind"] != "plain" {
		t.Errorf("by its key: %v, %v", doc, err)
	}
	below, err := w.client.ListPath(t.Context(), entity.Core, "/v2/control-planes/"+w.ids["one"]+"/core-entities/services/"+acctest.SomeID+"/mirrors", nil)
	if err != nil || len(below) != 1 {
		t.Errorf("below its service: %v, %v", below, err)
	}
	if err := w.client.Delete(t.Context(), w.at("one", entity.Service, acctest.SomeID)); err == nil {
		t.Error("a service that is referred to can be deleted")
	}
}

// It is exported and imported.
func TestNewcomer_files(t *testing.T) {
	t.Parallel()
	w := newNewcomers(t)
	for _, doc := range []object{{"label": "a", "service": object{"id": acctest.SomeID}}, {"label": "b", "kind": "round"}} {
		if err := w.create(t.Context(), "one", mirrors, doc); err != nil {
			t.Fatal(err)
		}
	}
	export := func(plane string) string {
		target, err := deck.Find(t.Context(), w.client, plane)
		if err != nil {
			t.Fatal(err)
		}
		text, notes, err := deck.Export(t.Context(), target, w.types, deck.Schemas{}, deck.ExportOptions{})
		if err != nil || len(notes) > 0 {
			t.Fatal(err, notes)
		}
		return string(text)
	}
	text := export("one")
	if want := "mirrors:\n- kind: round\n  label: b\n"; !strings.Contains(text, want) || !strings.Contains(text, "\n  mirrors:\n  - kind: plain\n    label: a\n") {
		t.Errorf("exported\n%s", text)
	}
	file, err := deck.Read(w.types, []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	target, err := deck.Find(t.Context(), w.client, "two")
	if err != nil {
		t.Fatal(err)
	}
	plan, err := file.Plan(t.Context(), target, deck.Schemas{})
	if err != nil {
		t.Fatal(err)
	}
	if err := plan.Apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(text, export("two")); diff != "" {
		t.Errorf("imported (-one +two):\n%s", diff)
	}
}

// Members of a group must not share its names.
func TestNewcomer_groupStatus(t *testing.T) {
	t.Parallel()
	w := newNewcomers(t)
	group, err := w.client.Create(t.Context(), client.Ref{Type: entity.ControlPlane}, object{"name": "group", "cluster_type": "CLUSTER_TYPE_CONTROL_PLANE_GROUP"})
	if err != nil {
		t.Fatal(err)
	}
	path := "/v2/control-planes/" + group["id"].(string)
	members := list(object{"id": w.ids["one"]}, object{"id": w.ids["two"]})
	if err := w.client.Do(t.Context(), http.MethodPost, path+"/group-memberships/add", object{"members": members}, nil); err != nil {
		t.Fatal(err)
	}
	for _, plane := range []string{"one", "two"} {
		if err := w.create(t.Context(), plane, mirrors, object{"label": "same"}); err != nil {
			t.Fatal(err)
		}
	}
	var status object
	if err := w.client.Do(t.Context(), http.MethodGet, path+"/group-status", nil, &status); err != nil {
		t.Fatal(err)
	}
	want := "another gateway mirror with the same label is in the control plane " + w.ids["one"]
	got := schema.Dotted("item.conflicts").Get(status)
	if c, _ := got.([]any); len(c) != 1 || c[0].(object)["description"] != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

// It is a resource, which judges, plans, creates, reads and imports it.
func TestNewcomer_resource(t *testing.T) {
	t.Parallel()
	w := newNewcomers(t)
	open := func(context.Context, string, string) (http.Handler, io.Closer, error) {
		return w.plane, io.NopCloser(nil), nil
	}
	p := acctest.NewProtocol(t, provider.NewOf(w.types, open))
	says(t, p.Configure(t, object{"embedded": object{"path": "konnect.db"}}))
	config := func(doc object) object {
		doc["control_plane_id"] = w.ids["one"]
		return doc
	}
	says(t, p.Validate(t, mirrors.Resource, config(object{"label": "x", "kind": "square"})), "ERROR [kind]")
	says(t, p.Validate(t, mirrors.Resource, config(object{"label": "a", "service": object{"id": acctest.SomeID}})))
	says(t, p.Validate(t, mirrors.Resource, config(object{"label": "a", "kind": "round"})), "Two resources of this configuration are the gateway mirror with label")
	plan, _ := p.Plan(t, mirrors.Resource, config(object{"label": "a"}), tftypes.Value{})
	says(t, plan.Diagnostics)
	made := config(object{"label": "a", "service": object{"id": acctest.SomeID}})
	state, diags := p.Apply(t, mirrors.Resource, made, tftypes.Value{})
	says(t, diags)
	if text(state, "kind") != "plain" {
		t.Errorf("got %v", state)
	}
	again, diags := p.Read(t, mirrors.Resource, state)
	says(t, diags)
	imported, diags := p.Import(t, mirrors.Resource, `{"id":"`+text(state, "id")+`","control_plane_id":"`+w.ids["one"]+`"}`)
	says(t, diags)
	if !again.Equal(state) || imported.IsNull() {
		t.Errorf("created %v, read %v, imported %v", state, again, imported)
	}
	_, diags = p.Apply(t, mirrors.Resource, config(object{"label": "a"}), tftypes.Value{})
	says(t, diags, "exists already")
}
