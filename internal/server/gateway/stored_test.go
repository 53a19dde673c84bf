package gateway

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/dao"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/openapi"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

type doc = map[string]any

const plane = "7d0a1a51-3c2c-4a4e-8b34-5c2f6e0c9a01"

// A type is answered from its stored text, or it is one of those whose answers
// hold what the text does not.
func TestCollection_view(t *testing.T) {
	t.Parallel()
	s := newGateway(t)
	var without []string
	for _, typ := range s.Store.Types().Core() {
		if s.collection(typ).view == nil {
			without = append(without, typ.Name)
		}
	}
	slices.Sort(without)
	if diff := cmp.Diff([]string{"certificates", "keyauth_credentials", "keys"}, without); diff != "" {
		t.Error(diff)
	}
}

// Every GET of every kind of entity answers the same, byte by byte, from the
// stored text and by way of decoding it.
func TestCollection_stored(t *testing.T) {
	t.Parallel()
	s := newGateway(t)
	parents := map[string]string{}
	for _, typ := range s.Store.Types().Core() {
		parents[typ.Path] = plant(t, s, typ)
	}
	compared := 0
	for _, typ := range s.Store.Types().Core() {
		t.Run(typ.Name, func(t *testing.T) {
			stored, decoded := http.NewServeMux(), http.NewServeMux()
			full := s.collection(typ)
			full.view = nil
			patterns := routes(t, stored, s, s.collection(typ))
			routes(t, decoded, s, full)
			for _, path := range paths(t, s, typ, patterns, parents) {
				got, want := answerOf(t, stored, path), answerOf(t, decoded, path)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("GET %s: %s", path, diff)
				}
				compared++
			}
			for _, d := range documents(t, s, typ) {
				if diff := cmp.Diff(responseOf(t, full, d), responseOf(t, s.collection(typ), d)); diff != "" {
					t.Errorf("after a write: %s", diff)
				}
				compared++
			}
		})
	}
	if compared < 1000 {
		t.Errorf("only %d answers were compared", compared)
	}
}

// Older names of fields are shown as text where they can be, byte by byte as by way of
// decoding: in whatever order they come, and whatever the values are.
func TestCollection_former(t *testing.T) {
	t.Parallel()
	c := newGateway(t).collection(entity.Plugin)
	var without []string
	older, asText := 0, 0
	for _, name := range c.bundled.Names() {
		p, err := c.bundled.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		former, ok := c.formerText(`"` + name + `"`)
		switch {
		case !ok:
			without = append(without, name)
		case former != nil:
			older++
		}
		record := p.Schema.Field("config").Record
		for _, d := range []doc{
			complete(t, p.Schema, doc{"name": name, "config": doc{}}), {"name": name, "config": doc{}}, {"name": name, "config": nil}, {"name": name},
			{"name": name, "config": filled(record, true)}, {"name": name, "config": filled(record, false)}, {"name": name, "config": doc{"redis": nil}},
		} {
			body, err := jsonvalue.Append(nil, d)
			if err != nil {
				t.Fatal(err)
			}
			want, err := c.appendDecoded(t.Context(), nil, plane, d)
			if err != nil {
				t.Fatal(err)
			}
			got, ok := c.appendText(nil, string(body))
			if ok && former != nil {
				asText++
			}
			if diff := cmp.Diff(string(want), string(got)); ok && diff != "" {
				t.Errorf("%s: %s", body, diff)
			}
		}
	}
	if diff := cmp.Diff([]string{"konnect-application-auth"}, without); diff != "" {
		t.Errorf("plugins that are always decoded: %s", diff)
	}
	if older < 20 || asText < 5*older {
		t.Errorf("%d plugins have older names, and %d of their documents were shown as text", older, asText)
	}
}

// A stored text that is damaged is an error, however it is read.
func TestCollection_storedDamaged(t *testing.T) {
	t.Parallel()
	c := newGateway(t).collection(entity.Service)
	for _, body := range []string{``, `{`, `{"id":"a"`, `{"id":"a",}`, `{"id":}`, `[]`, `{"id":"a"}}`} {
		if text, err := c.appendShown(t.Context(), nil, plane, body); err == nil {
			t.Errorf("%s: answered with %s", body, text)
		}
	}
}

func newGateway(t *testing.T) *Gateway {
	t.Helper()
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "konnect.db"), entity.Types())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := st.Insert(t.Context(), entity.ControlPlane, "", doc{"id": plane, "name": "one"}); err != nil {
		t.Fatal(err)
	}
	return New(dao.New(st, nil, time.Now, nil), plugins.Bundled(entity.Plugin.Schema(), entity.Schemas))
}

// routes registers the GETs of a collection and returns their patterns.
func routes(t *testing.T, mux *http.ServeMux, s *Gateway, c *collection) (patterns []string) {
	t.Helper()
	s.collectionRoutes(func(pattern string, _ openapi.About, e wire.Endpoint) {
		if !strings.HasPrefix(pattern, "GET ") {
			return
		}
		patterns = append(patterns, pattern)
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if err := e(w, r); err != nil {
				http.Error(w, err.Error(), http.StatusTeapot)
			}
		})
	}, c)
	return patterns
}

type answer struct {
	Status int
	Header http.Header
	Body   string
}

func answerOf(t *testing.T, h http.Handler, path string) answer {
	t.Helper()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody))
	return answer{rec.Code, rec.Header(), rec.Body.String()}
}

// responseOf is the answer to a request that has written a document.
func responseOf(t *testing.T, c *collection, d doc) answer {
	t.Helper()
	rec := httptest.NewRecorder()
	if err := c.respond(rec, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", http.NoBody), http.StatusCreated, plane, d); err != nil {
		t.Fatal(err)
	}
	return answer{rec.Code, rec.Header(), rec.Body.String()}
}

func documents(t *testing.T, s *Gateway, typ *entity.Type) []map[string]any {
	t.Helper()
	docs, err := store.All(t.Context(), s.Store, typ, plane, nil)
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

// paths are what the patterns are asked for.
func paths(t *testing.T, s *Gateway, typ *entity.Type, patterns []string, parents map[string]string) (all []string) {
	t.Helper()
	docs := documents(t, s, typ)
	for _, pattern := range patterns {
		path := strings.Replace(strings.TrimPrefix(pattern, "GET "), "{controlPlaneId}", plane, 1)
		for parent, id := range parents {
			path = strings.Replace(path, parent+"/{parentId}", parent+"/"+id, 1)
		}
		base, one := strings.CutSuffix(path, "/{id}")
		if !one {
			for _, query := range []string{"", "?size=1", "?size=3&tags=a", "?tags=a/%22b", "?sort_by=name&size=2", "?sort_by=created_at&sort_desc=1", "?offset=none", "?size=0"} {
				all = append(all, base+query)
			}
			continue
		}
		all = append(all, base+"/none", base+"/"+uuid.NewString())
		for _, d := range docs {
			id, key := jsonvalue.Text(d["id"]), jsonvalue.Text(d[typ.Key])
			all = append(all, base+"/"+id, base+"/"+id+"?expand_partials=true", base+"/"+strings.ToUpper(id))
			if key != "" {
				all = append(all, base+"/"+key)
			}
		}
	}
	return all
}

// plant stores documents of a type and returns the id of one: some with all that
// the schema fills in, and some with everything that answers treat in a way of
// its own. The store does not judge them.
func plant(t *testing.T, s *Gateway, typ *entity.Type) (id string) {
	t.Helper()
	for i := range 4 {
		d := complete(t, typ.Schema(), doc{})
		if i > 0 {
			awkward(typ, d)
		}
		id = keep(t, s, typ, d)
	}
	if typ == entity.Plugin {
		for _, name := range s.bundled.Names() {
			p, err := s.bundled.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			keep(t, s, typ, complete(t, p.Schema, doc{"name": name, "config": doc{}}))
		}
	}
	return id
}

// complete fills in what a request leaves out.
func complete(t *testing.T, sc *schema.Schema, body doc) doc {
	t.Helper()
	d, errs := sc.ProcessAutoFields(context.Background(), body, schema.Insert, schema.Auto{})
	if errs != nil {
		return body
	}
	return d
}

// filled gives every field of a record a value, without asking whether it is valid: the
// same for all of a type, or others.
func filled(level *schema.Schema, same bool) doc {
	d := doc{}
	for i, f := range level.Fields {
		if same {
			i = 0
		}
		switch f.Type {
		case schema.Record:
			d[f.Name] = filled(f.Record, same)
		case schema.Array, schema.Set:
			d[f.Name] = []any{fmt.Sprint(i), nil}
		case schema.Map:
			d[f.Name] = doc{fmt.Sprint(i): nil}
		case schema.String:
			d[f.Name] = fmt.Sprintf("\"%d", i)
		default:
			d[f.Name] = schema.Number(fmt.Sprint(i))
		}
	}
	return d
}

func awkward(typ *entity.Type, d doc) {
	d["tags"] = []any{"a", `"b`}
	d["zz"] = []any{nil, doc{"a": nil, "b": doc{}, "c": []any{}}, `":null,"`}
	d["config"] = doc{"a": nil, "b": []any{nil, doc{"c": nil}}, "\\\"": "\u2028\\"}
	d["deep"] = doc{"config": doc{"a": nil}, "name": nil}
	for _, name := range slices.Concat(typ.Internal, typ.WriteOnly) {
		d[name] = doc{"id": uuid.NewString(), "a": nil}
		d["deep"].(doc)[name] = "shown"
	}
	for _, ref := range typ.References {
		delete(d, ref.Field)
	}
}

func keep(t *testing.T, s *Gateway, typ *entity.Type, d doc) (id string) {
	t.Helper()
	id = uuid.NewString()
	d["id"] = id
	for _, unique := range typ.Unique {
		for _, field := range unique.Fields {
			if d[field] == nil && !strings.Contains(field, ".") && typ.Schema().Field(field).Type == schema.String {
				d[field] = "unique " + field + " of " + id
			}
		}
	}
	if typ.Key != "" && typ.Key != "id" {
		d[typ.Key] = fmt.Sprintf("key-of-%s", id)
	}
	if err := s.Store.Insert(t.Context(), typ, plane, d); err != nil {
		t.Fatalf("%s: %v", typ.Name, err)
	}
	return id
}
