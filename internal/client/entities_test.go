package client

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

const (
	planeID   = "7f9fd312-a987-4628-b4c5-bb4f4fddd5f7"
	serviceID = "0d2c5e0e-3a1b-4c57-a7c6-0f9a3a9a4c11"
	base      = "/v2/control-planes/" + planeID + "/core-entities/"
)

var (
	services = Ref{Type: entity.Service, Parents: []string{planeID}}
	service  = Ref{Type: entity.Service, Parents: []string{planeID}, Key: serviceID}
	schemas  = Ref{Type: entity.PluginSchema, Parents: []string{planeID}}
	groups   = Ref{Type: entity.ConsumerGroup, Parents: []string{planeID}, Key: serviceID}
)

// collection is a control plane reduced to what creating needs: PUT creates or
// replaces by id, POST only creates, names are unique.
type collection struct {
	mu     sync.Mutex
	stored map[string]map[string]any
	calls  []string
	// disturb replaces the answer of a call, counted from 1, after the
	// request was carried out.
	disturb map[int]http.HandlerFunc
}

func (c *collection) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id := r.PathValue("id")
	c.calls = append(c.calls, r.Method)
	body := map[string]any{}
	d := json.NewDecoder(r.Body)
	d.UseNumber()
	_ = d.Decode(&body) // an empty body stays empty
	if chosen, ok := body["id"].(string); ok && id == "" {
		id = chosen
	}
	body["id"] = id
	answer := c.store(r.Method, id, body)
	if disturbed := c.disturb[len(c.calls)]; disturbed != nil {
		answer = disturbed
	}
	answer(w, r)
}

// seen returns the methods of all calls and what is stored after them.
func (c *collection) seen() ([]string, map[string]map[string]any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.calls), maps.Clone(c.stored)
}

func (c *collection) store(method, id string, body map[string]any) http.HandlerFunc {
	for other, doc := range c.stored {
		if other == id && method == http.MethodPost || other != id && body["name"] != nil && doc["name"] == body["name"] {
			return answerJSON(400, `{"code":3,"message":"data constraint error","details":[{"type":"ERROR_TYPE_REFERENCE","field":"name","messages":["name (type: unique) constraint failed"]}]}`)
		}
	}
	if c.stored == nil {
		c.stored = map[string]map[string]any{}
	}
	c.stored[id] = body
	text, _ := json.Marshal(body)
	return answerJSON(201, string(text))
}

func (c *collection) mount(mux *http.ServeMux) {
	mux.Handle("POST "+base+"services", c)
	mux.Handle("PUT "+base+"services/{id}", c)
}

func TestCreate_chosenID(t *testing.T) {
	t.Parallel()
	c, mux, _ := setup(t)
	plane := &collection{}
	plane.mount(mux)
	body := map[string]any{"name": nil, "port": json.Number("80"), "id": nil}
	before := maps.Clone(body)
	got, err := c.Create(t.Context(), services, body)
	if err != nil {
		t.Fatal(err)
	}
	if id, err := uuid.Parse(got["id"].(string)); err != nil || id.Version() != 4 {
		t.Errorf("the id %v is no random UUID", got["id"])
	}
	if diff := cmp.Diff(map[string]any{"id": got["id"], "name": nil, "port": json.Number("80")}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(before, body); diff != "" {
		t.Errorf("the caller's body was changed: %s", diff)
	}
	if calls, _ := plane.seen(); !slices.Equal(calls, []string{"PUT"}) {
		t.Errorf("sent %v", calls)
	}
}

// TestCreate_lostAnswer loses the answer after the server stored a nameless
// entity; exactly one exists in the end.
func TestCreate_lostAnswer(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]http.HandlerFunc{
		"dropped": drop, "cut": cut, "500": status(500), "502": status(502), "504": status(504),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, mux, _ := setup(t)
			plane := &collection{disturb: map[int]http.HandlerFunc{1: lose, 2: lose}}
			plane.mount(mux)
			got, err := c.Create(t.Context(), services, map[string]any{"host": "a.example"})
			if err != nil {
				t.Fatal(err)
			}
			calls, stored := plane.seen()
			if len(stored) != 1 || stored[got["id"].(string)] == nil {
				t.Errorf("%v was stored", stored)
			}
			if diff := cmp.Diff([]string{"PUT", "PUT", "PUT"}, calls); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestCreate_taken must not take over what exists, by name or by id.
func TestCreate_taken(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]map[string]any{
		"name":        {"name": "demo", "host": "new.example"},
		"id":          {"id": serviceID, "host": "new.example"},
		"id and name": {"id": serviceID, "name": "demo", "host": "new.example"},
	} {
		c, mux, _ := setup(t)
		old := map[string]any{"id": serviceID, "name": "demo", "host": "old.example"}
		plane := &collection{stored: map[string]map[string]any{serviceID: maps.Clone(old)}}
		plane.mount(mux)
		_, err := c.Create(t.Context(), services, body)
		mustFailWith(t, err)
		if !errors.Is(err, ErrConflict) {
			t.Errorf("%s: got %v", name, err)
		}
		_, stored := plane.seen()
		if diff := cmp.Diff(map[string]map[string]any{serviceID: old}, stored); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestCreate_callersID(t *testing.T) {
	t.Parallel()
	c, mux, _ := setup(t)
	plane := &collection{disturb: map[int]http.HandlerFunc{2: drop}}
	plane.mount(mux)
	got, err := c.Create(t.Context(), services, map[string]any{"id": serviceID})
	if err != nil || got["id"] != serviceID {
		t.Fatalf("got %v, %v", got, err)
	}
	_, err = c.Create(t.Context(), services, map[string]any{"id": "5c1a2b0e-3a1b-4c57-a7c6-0f9a3a9a4c11"})
	if e := mustFail(t, err); !e.MayHaveHappened {
		t.Errorf("got %+v", e)
	}
	if calls, _ := plane.seen(); !slices.Equal(calls, []string{"POST", "POST"}) {
		t.Errorf("sent %v", calls)
	}
}

func TestCreate_post(t *testing.T) {
	t.Parallel()
	c, mux, _ := setup(t)
	mux.HandleFunc("POST /v2/control-planes", answerJSON(201, `{"id":"`+planeID+`","name":"a"}`))
	mux.HandleFunc("POST "+base+"plugin-schemas", answerJSON(201, `{"item":{"name":"my-plugin","created_at":1}}`))
	for _, tt := range []struct {
		ref  Ref
		body map[string]any
		want map[string]any
	}{
		{Ref{Type: entity.ControlPlane, Key: "not used"}, map[string]any{"name": "a"}, map[string]any{"id": planeID, "name": "a"}},
		{schemas, map[string]any{"lua_schema": "return {}"}, map[string]any{"name": "my-plugin", "created_at": json.Number("1")}},
		{schemas, map[string]any{"name": "my-plugin"}, map[string]any{"name": "my-plugin", "created_at": json.Number("1")}},
	} {
		got, err := c.Create(t.Context(), tt.ref, tt.body)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Error(diff)
		}
	}
	if got, err := c.Create(t.Context(), schemas, map[string]any{"name": "other"}); err == nil {
		t.Errorf("another schema than the one sent was accepted: %v", got)
	}
}

func TestMember(t *testing.T) {
	t.Parallel()
	c, mux, _ := setup(t)
	echo := func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		reply := map[string]any{"id": r.PathValue("id"), "method": r.Method, "body": string(body)}
		if err := json.NewEncoder(w).Encode(reply); err != nil {
			t.Error(err)
		}
	}
	mux.HandleFunc(base+"services/{id}", echo)
	mux.HandleFunc("/v2/control-planes/{id}", echo)
	plane := Ref{Type: entity.ControlPlane, Key: planeID}
	get := func() (map[string]any, error) { return c.Get(t.Context(), service) }
	put := func() (map[string]any, error) { return c.Put(t.Context(), service, map[string]any{"a": nil}) }
	patch := func() (map[string]any, error) { return c.Patch(t.Context(), plane, map[string]any{"b": true}) }
	for _, tt := range []struct {
		do               func() (map[string]any, error)
		id, method, body string
	}{
		{get, serviceID, "GET", ""}, {put, serviceID, "PUT", `{"a":null}`}, {patch, planeID, "PATCH", `{"b":true}`},
	} {
		got, err := tt.do()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string]any{"id": tt.id, "method": tt.method, "body": tt.body}, got); diff != "" {
			t.Error(diff)
		}
	}
	if err := c.Delete(t.Context(), service); err != nil {
		t.Error(err)
	}
}

// TestGet_foreign has answers that are some success, but not the entity.
func TestGet_foreign(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		``:                                    "empty",
		`{}`:                                  "not a gateway service: it has no id",
		`null`:                                "not a gateway service",
		`{"hello":"world"}`:                   "not a gateway service",
		`{"id":7}`:                            "not a gateway service",
		`{"id":null}`:                         "not a gateway service",
		`{"id":"` + planeID + `"}`:            "another gateway service than the one asked for",
		`{"item":{"id":"` + serviceID + `"}}`: "not a gateway service",
		`[]`:                                  "type array",
		`{"id":"` + serviceID:                 "ends before",
		`<html>`:                              "not JSON",
	} {
		c, mux, _ := setup(t)
		mux.HandleFunc(base+"services/{id}", answerJSON(200, body))
		got, err := c.Get(t.Context(), service)
		if err == nil || errors.Is(err, ErrNotFound) {
			t.Errorf("%s: got %v, %v", body, got, err)
			continue
		}
		mustFailWith(t, err, want)
	}
}

func TestGet_addressed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		ref  Ref
		body string
	}{
		{service, `{"id":"0D2C5E0E-3A1B-4C57-A7C6-0F9A3A9A4C11"}`},
		{Ref{Type: entity.Service, Parents: []string{planeID}, Key: "demo"}, `{"id":"` + serviceID + `","name":"demo"}`},
		{Ref{Type: entity.PluginSchema, Parents: []string{planeID}, Key: "my-plugin"}, `{"item":{"name":"my-plugin"}}`},
		{Ref{Type: entity.PluginSchema, Parents: []string{planeID}, Key: "my-plugin"}, `{"name":"my-plugin"}`},
		{groups, `{"consumer_group":{"id":"` + serviceID + `"},"consumers":[]}`},
		{groups, `{"id":"` + serviceID + `"}`},
	} {
		c, mux, _ := setup(t)
		mux.HandleFunc("/", answerJSON(200, tt.body))
		got, err := c.Get(t.Context(), tt.ref)
		if err != nil || idIn(tt.ref.Type, got) == "" {
			t.Errorf("%s: got %v, %v", tt.body, got, err)
		}
	}
}

func TestDelete(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		answer http.HandlerFunc
		want   error
	}{
		{answer(204, "", ""), nil},
		{answer(200, "text/plain", "gone"), nil},
		{answerJSON(404, `{"code":5,"message":""}`), ErrNotFound},
		{answerJSON(400, `{"code":3,"message":"constraint failed (type: foreign) as route references this value"}`), ErrInUse},
	} {
		c, mux, _ := setup(t)
		mux.HandleFunc("DELETE "+base+"services/{id}", tt.answer)
		if err := c.Delete(t.Context(), service); !errors.Is(err, tt.want) {
			t.Errorf("got %v, want %v", err, tt.want)
		}
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	c, mux, _ := setup(t)
	mux.HandleFunc("GET "+base+"services", pages(t, map[string]string{"size=1000": `{"data":[{"name":"a"}]}`}))
	mux.HandleFunc("GET "+base+"plugin-schemas", pages(t, map[string]string{"page[size]=100": `{"items":[{"name":"b"}]}`}))
	for want, ref := range map[string]Ref{"a": service, "b": schemas} {
		got, err := c.List(t.Context(), ref, nil)
		if err != nil || listNames(got) != want {
			t.Errorf("got %v, %v", got, err)
		}
	}
}

// TestUnaddressed must not send anything: it would reach the collection.
func TestUnaddressed(t *testing.T) {
	t.Parallel()
	c, mux, _ := setup(t)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { t.Errorf("%s %s was sent", r.Method, r.URL) })
	for _, ref := range []Ref{{}, services, {Type: entity.Service, Key: serviceID}, {Type: entity.Service, Parents: []string{planeID}, Key: ".."}} {
		_, getErr := c.Get(t.Context(), ref)
		_, putErr := c.Put(t.Context(), ref, map[string]any{})
		_, patchErr := c.Patch(t.Context(), ref, map[string]any{})
		for _, err := range []error{getErr, putErr, patchErr, c.Delete(t.Context(), ref)} {
			if err == nil {
				t.Errorf("%+v was accepted", ref)
			}
		}
	}
	for _, ref := range []Ref{{}, {Type: entity.Service}, {Type: entity.ControlPlane, Parents: []string{"x"}}} {
		_, createErr := c.Create(t.Context(), ref, map[string]any{})
		_, listErr := c.List(t.Context(), ref, nil)
		if createErr == nil || listErr == nil {
			t.Errorf("%+v was accepted: %v, %v", ref, createErr, listErr)
		}
	}
}
