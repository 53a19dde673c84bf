package controlplane

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

type doc = map[string]any

// world is a control plane API with one control plane on it, as a client sees
// it.
type world struct {
	*client.Client

	plane string
}

// newWorld lets requests pass through disturb, if given, on their way.
func newWorld(t *testing.T, disturb ...func(http.Handler) http.Handler) *world {
	t.Helper()
	opened, err := Open(t.Context(), Options{Database: filepath.Join(t.TempDir(), "konnect.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { mustClose(t, opened) })
	var handler http.Handler = opened
	for _, f := range disturb {
		handler = f(handler)
	}
	c, err := client.New(client.Options{
		Transport: client.HandlerTransport(handler),
		Sleep:     func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{Client: c}
	w.plane = w.create(t, client.Ref{Type: entity.ControlPlane}, doc{"name": "demo"})
	return w
}

// at refers to an entity of the control plane.
func (w *world) at(typ *entity.Type, key string) client.Ref {
	return client.Ref{Type: typ, Parents: []string{w.plane}, Key: key}
}

func (w *world) create(t *testing.T, ref client.Ref, body doc) (id string) {
	t.Helper()
	got, err := w.Create(t.Context(), ref, body)
	if err != nil {
		t.Fatal(err)
	}
	return got[ref.Type.ID].(string)
}

// TestClient_kinds has the client recognise what the server refuses, in each
// family of the API.
func TestClient_kinds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	planes := client.Ref{Type: entity.ControlPlane}
	group := w.create(t, planes, doc{"name": "group", "cluster_type": "CLUSTER_TYPE_CONTROL_PLANE_GROUP"})
	service := w.create(t, w.at(entity.Service, ""), doc{"name": "demo", "host": "a.example"})
	w.create(t, w.at(entity.Route, ""), doc{"paths": []any{"/a"}, "service": doc{"id": service}})
	const nobody = "5c1a2b0e-3a1b-4c57-a7c6-0f9a3a9a4c11"
	create := func(ref client.Ref, body doc) error {
		_, err := w.Create(t.Context(), ref, body)
		return err
	}
	get := func(ref client.Ref) error {
		_, err := w.Get(t.Context(), ref)
		return err
	}
	services, inGroup := w.at(entity.Service, ""), client.Ref{Type: entity.Service, Parents: []string{group}}
	for _, tt := range []struct {
		name string
		err  error
		kind error
		path string
	}{
		{"control plane: name taken", create(planes, doc{"name": "demo"}), client.ErrConflict, ""},
		{"control plane: name too short", create(planes, doc{"name": "a"}), client.ErrInvalid, "name"},
		{"control plane: missing", get(client.Ref{Type: entity.ControlPlane, Key: nobody}), client.ErrNotFound, ""},
		{"service: missing", get(w.at(entity.Service, nobody)), client.ErrNotFound, ""},
		{"service: of nobody", get(client.Ref{Type: entity.Service, Parents: []string{nobody}, Key: service}), client.ErrNotFound, ""},
		{"service: name taken", create(services, doc{"name": "demo", "host": "b.example"}), client.ErrConflict, "name"},
		{"service: id taken", create(services, doc{"id": service, "host": "b.example"}), client.ErrConflict, ""},
		{"service: port", create(services, doc{"host": "b.example", "port": 70000}), client.ErrInvalid, "port"},
		{"service: in use", w.Delete(t.Context(), w.at(entity.Service, service)), client.ErrInUse, ""},
		{"service: in a group", create(inGroup, doc{"host": "b.example"}), client.ErrReadOnly, ""},
		{"route: of a missing service", create(w.at(entity.Route, ""), doc{"paths": []any{"/b"}, "service": doc{"id": nobody}}), client.ErrReference, "service.id"},
		{"route: second path", create(w.at(entity.Route, ""), doc{"paths": []any{"/b", "c"}}), client.ErrInvalid, "paths[1]"},
		{"plugin: nested", create(w.at(entity.Plugin, ""), doc{"name": "rate-limiting", "config": doc{"minute": 1, "redis": doc{"port": 99999}}}), client.ErrInvalid, "config.redis.port"},
		{"plugin: unknown", create(w.at(entity.Plugin, ""), doc{"name": "no-such-plugin"}), client.ErrInvalid, "name"},
		{"plugin schema: missing", get(w.at(entity.PluginSchema, "none")), client.ErrNotFound, ""},
	} {
		e, ok := errors.AsType[*client.Error](tt.err)
		if !ok || !errors.Is(tt.err, tt.kind) {
			t.Errorf("%s: got %v, want %v", tt.name, tt.err, tt.kind)
			continue
		}
		var paths []string
		for _, v := range e.Violations {
			paths = append(paths, v.Path.String())
		}
		if tt.path != "" && !slices.Contains(paths, tt.path) {
			t.Errorf("%s: %v is about %q, want %q", tt.name, e, paths, tt.path)
		}
		if !errors.Is(tt.kind, client.ErrNotFound) && errors.Is(tt.err, client.ErrNotFound) {
			t.Errorf("%s: counts as not found", tt.name)
		}
	}
}

func TestClient_member(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.create(t, w.at(entity.ConsumerGroup, ""), doc{"name": "gold"})
	for _, key := range []string{id, "gold"} {
		if got, err := w.Get(t.Context(), w.at(entity.ConsumerGroup, key)); err != nil || got["id"] != id {
			t.Errorf("%s: got %v, %v", key, got, err)
		}
	}
	if got, err := w.Put(t.Context(), w.at(entity.ConsumerGroup, id), doc{"name": "silver"}); err != nil || got["name"] != "silver" {
		t.Errorf("got %v, %v", got, err)
	}
	plane := client.Ref{Type: entity.ControlPlane, Key: w.plane}
	if got, err := w.Patch(t.Context(), plane, doc{"description": "d"}); err != nil || got["description"] != "d" {
		t.Errorf("got %v, %v", got, err)
	}
	for range 2 {
		if err := w.Delete(t.Context(), w.at(entity.ConsumerGroup, id)); err != nil && !errors.Is(err, client.ErrNotFound) {
			t.Error(err)
		}
	}
}

// TestClient_lists asks for pages that are smaller than the list.
func TestClient_lists(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	group := w.create(t, w.at(entity.ConsumerGroup, ""), doc{"name": "gold"})
	members := client.Ref{Type: entity.ConsumerGroupMember, Parents: []string{w.plane, group}}
	path, err := members.Path()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{}
	for i := range 5 {
		name := fmt.Sprintf("n%d", i)
		want = append(want, name)
		consumer := w.create(t, w.at(entity.Consumer, ""), doc{"username": name})
		if err := w.Do(t.Context(), http.MethodPost, path, doc{"consumer": consumer}, nil); err != nil {
			t.Fatal(err)
		}
		w.create(t, w.at(entity.Service, ""), doc{"name": name, "host": "a.example"})
		w.create(t, client.Ref{Type: entity.ControlPlane}, doc{"name": name})
		lua := fmt.Sprintf(`return { name = %q, fields = { { config = { type = "record", fields = {} } } } }`, name)
		w.create(t, w.at(entity.PluginSchema, ""), doc{"lua_schema": lua})
	}
	for _, tt := range []struct {
		ref   client.Ref
		name  string
		query url.Values
	}{
		{w.at(entity.Service, ""), "name", url.Values{"size": {"2"}}},
		{w.at(entity.Consumer, ""), "username", url.Values{"size": {"2"}}},
		{members, "username", url.Values{"size": {"2"}}},
		{client.Ref{Type: entity.ControlPlane}, "name", url.Values{"page[size]": {"2"}, "filter[name][neq]": {"demo"}}},
		{w.at(entity.PluginSchema, ""), "name", url.Values{"page[size]": {"2"}}},
		{w.at(entity.Service, ""), "name", nil},
	} {
		list, err := w.List(t.Context(), tt.ref, tt.query)
		if err != nil {
			t.Error(err)
			continue
		}
		got := []string{}
		for _, e := range list {
			got = append(got, e[tt.name].(string))
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", tt.ref.Type.Name, diff)
		}
	}
}

// TestClient_lostAnswer drops the connection after the server has stored a
// nameless entity; exactly one exists afterwards.
func TestClient_lostAnswer(t *testing.T) {
	t.Parallel()
	var once sync.Once
	w := newWorld(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.Contains(r.URL.Path, "/routes") || r.Method == http.MethodGet {
				next.ServeHTTP(w, r)
				return
			}
			lost := false
			once.Do(func() { lost = true })
			if !lost {
				next.ServeHTTP(w, r)
				return
			}
			next.ServeHTTP(discarded{w}, r)
			panic(http.ErrAbortHandler)
		})
	})
	id := w.create(t, w.at(entity.Route, ""), doc{"paths": []any{"/a"}})
	list, err := w.List(t.Context(), w.at(entity.Route, ""), nil)
	if err != nil || len(list) != 1 || list[0]["id"] != id {
		t.Errorf("got %v, %v", list, err)
	}
}

// discarded is an answer that never arrives.
type discarded struct{ http.ResponseWriter }

func (d discarded) Header() http.Header         { return http.Header{} }
func (d discarded) WriteHeader(int)             {}
func (d discarded) Write(b []byte) (int, error) { return io.Discard.Write(b) }
