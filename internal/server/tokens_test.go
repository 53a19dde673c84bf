package server_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/server"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/access"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// guarded is a server whose tokens a test makes.
type guarded struct {
	session

	store  *store.Store
	tokens *access.Tokens
	secret map[string]string // by name of the token
}

// newGuarded has control planes {a}, {b} and {c}, the group {g} of a and b, a
// service in each of a and b, and a token that may do everything.
func newGuarded(t testing.TB, o server.Options) *guarded {
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
	o.Store, o.Bundled = st, plugins.Bundled(entity.Plugin.Schema(), entity.Schemas)
	if o.Guard == access.Unguarded {
		o.Guard = access.Guarded
	}
	if o.Now == nil {
		o.Now = func() time.Time { return clock }
	}
	g := &guarded{
		session: session{handler: server.New(o), vars: map[string]string{}},
		store:   st, tokens: access.NewTokens(st), secret: map[string]string{},
	}
	setUp := &session{handler: newOpen(o), vars: g.vars}
	for _, name := range []string{"a", "b", "c"} {
		setUp.run(t, row{Do: "POST /v2/control-planes", Body: []byte(`{"name":"plane-` + name + `"}`), Status: 201, Save: map[string]string{name: "id"}})
		setUp.run(t, row{Do: "POST /v2/control-planes/{" + name + "}/core-entities/services", Body: []byte(`{"name":"s","host":"h"}`), Status: 201})
	}
	setUp.run(t, row{Do: "POST /v2/control-planes", Body: []byte(`{"name":"group","cluster_type":"CLUSTER_TYPE_CONTROL_PLANE_GROUP"}`), Status: 201, Save: map[string]string{"g": "id"}})
	setUp.run(t, row{Do: "PUT /v2/control-planes/{g}/group-memberships", Body: []byte(setUp.expand(`{"members":[{"id":"{a}"},{"id":"{b}"}]}`)), Status: 204})
	g.create(t, access.Token{Name: "all"})
	return g
}

// newOpen is another server on the same database, which asks for no token.
func newOpen(o server.Options) http.Handler {
	return server.New(server.Options{Store: o.Store, Bundled: o.Bundled, Now: o.Now})
}

// create makes a token; control planes are named as in vars.
func (g *guarded) create(t testing.TB, token access.Token) {
	t.Helper()
	for i, name := range token.ControlPlanes {
		token.ControlPlanes[i] = g.expand(name)
	}
	secret, err := g.tokens.Create(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	g.secret[token.Name] = secret
}

// as returns the header of a token, by its name.
func (g *guarded) as(name string) map[string]string {
	return map[string]string{"Authorization": "Bearer " + g.secret[name]}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, server.Options{})
	g.create(t, access.Token{Name: "reader", ReadOnly: true, ExpiresAt: clock})
	g.create(t, access.Token{Name: "one.of-2_planes", ControlPlanes: []string{"plane-a", "{b}", strings.ToUpper(g.vars["a"])}})
	got, err := g.tokens.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i, token := range got {
		if time.Since(token.CreatedAt) > time.Hour {
			t.Errorf("%s was created at %s", token.Name, token.CreatedAt)
		}
		got[i].CreatedAt = time.Time{}
	}
	want := []access.Token{
		{Name: "all"},
		{Name: "reader", ReadOnly: true, ExpiresAt: clock.Truncate(time.Second)},
		{Name: "one.of-2_planes", ControlPlanes: []string{g.vars["a"], g.vars["b"]}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for name, secret := range g.secret {
		if len(secret) != len("okat_")+26 || !strings.HasPrefix(secret, "okat_") {
			t.Errorf("%s: %q is no token", name, secret)
		}
	}
	if g.secret["all"] == g.secret["reader"] {
		t.Error("two tokens are one")
	}
}

func TestTokens_kept(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, server.Options{})
	page, err := g.store.List(t.Context(), entity.Token, "", store.Query{})
	if err != nil {
		t.Fatal(err)
	}
	for _, value := range page.Docs[0] {
		if s, _ := value.(string); strings.Contains(s, strings.TrimPrefix(g.secret["all"], "okat_")) {
			t.Error("the token itself is kept")
		}
	}
}

func TestTokens_refused(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, server.Options{})
	for _, c := range []struct {
		token access.Token
		want  string
	}{
		{access.Token{Name: "all"}, "there is a token all already"},
		{access.Token{}, `token "": name`},
		{access.Token{Name: strings.Repeat("a", 65)}, "name: length must be at most 64"},
		{access.Token{Name: "a b"}, "name: must consist of letters"},
		{access.Token{Name: "-a"}, "name: must consist of letters"},
		{access.Token{Name: "a\nforged"}, "name: must consist of letters"},
		{access.Token{Name: "(configured)"}, "name: must consist of letters"},
		{access.Token{Name: "x", ControlPlanes: []string{"nowhere"}}, `no control plane with the name "nowhere"`},
		{access.Token{Name: "x", ControlPlanes: []string{"plane-a", ""}}, `no control plane with the name ""`},
		{access.Token{Name: "x", ControlPlanes: []string{"00000000-0000-4000-8000-000000000000"}}, `no control plane with the id "0000`},
	} {
		secret, err := g.tokens.Create(t.Context(), c.token)
		if err == nil || !strings.Contains(err.Error(), c.want) || secret != "" {
			t.Errorf("%+v: got %q, %v, want %q", c.token, secret, err, c.want)
		}
	}
	if err := g.tokens.Delete(t.Context(), "nobody"); err == nil || !strings.Contains(err.Error(), `no token "nobody"`) {
		t.Errorf("deleting nothing: %v", err)
	}
	list, err := g.tokens.List(t.Context())
	if err != nil || len(list) != 1 {
		t.Errorf("after all that was refused: %v, %v", list, err)
	}
}

// The rights of a token hold from its creation to its deletion or end, from one
// request to the next.
func TestServer_tokenLife(t *testing.T) {
	t.Parallel()
	now := clock
	g := newGuarded(t, server.Options{Now: func() time.Time { return now }})
	list := row{Do: "GET /v2/control-planes", Header: g.as("all"), Status: 200}
	g.run(t, list)
	g.create(t, access.Token{Name: "short", ExpiresAt: clock.Add(time.Hour)})
	short := row{Do: "GET /v2/control-planes", Header: g.as("short"), Status: 200}
	g.run(t, short)
	now = clock.Truncate(time.Second).Add(time.Hour - 1)
	g.run(t, short)
	now = now.Add(1)
	short.Status = 401
	g.run(t, short)
	if err := g.tokens.Delete(t.Context(), "all"); err != nil {
		t.Fatal(err)
	}
	list.Status = 401
	g.run(t, list)
	g.create(t, access.Token{Name: "all"})
	g.run(t, list) // of the same name, yet another
}

// A token whose row cannot be understood lets nobody in.
func TestServer_damagedTokens(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, server.Options{})
	for name, damage := range map[string]func(doc map[string]any){
		"end":    func(doc map[string]any) { doc["expires_at"] = "soon" },
		"start":  func(doc map[string]any) { delete(doc, "created_at") },
		"planes": func(doc map[string]any) { doc["control_planes"] = "all" },
	} {
		g.create(t, access.Token{Name: name})
		page, err := g.store.List(t.Context(), entity.Token, "", store.Query{Equal: map[string]string{"name": name}})
		if err != nil || len(page.Docs) != 1 {
			t.Fatal(page, err)
		}
		_, err = g.store.Put(t.Context(), entity.Token, "", page.Docs[0]["id"].(string), func(doc map[string]any) (map[string]any, error) {
			damage(doc)
			return doc, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		g.run(t, row{Do: "GET /v2/control-planes", Header: g.as(name), Status: 500})
	}
}

func TestServer_roles(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, server.Options{})
	g.create(t, access.Token{Name: "reader", ReadOnly: true})
	g.create(t, access.Token{Name: "only-a", ControlPlanes: []string{"{a}"}})
	g.create(t, access.Token{Name: "reads-a", ReadOnly: true, ControlPlanes: []string{"{a}"}})
	g.create(t, access.Token{Name: "a-and-g", ControlPlanes: []string{"{a}", "{g}"}})
	g.create(t, access.Token{Name: "a-b-and-g", ControlPlanes: []string{"{a}", "{b}", "{g}"}})
	const (
		reads   = "the token may only read"
		away    = "the token is not for this control plane"
		single  = "the token is for single control planes only"
		missing = "00000000-0000-4000-8000-000000000000"
	)
	g.vars["A"] = strings.ToUpper(g.vars["a"])
	platform := func(detail string) map[string]any {
		return map[string]any{"status": float64(403), "title": "Forbidden", "detail": detail, "instance": "<any>", "code": "<none>"}
	}
	core := func(message string) map[string]any {
		return map[string]any{"code": float64(7), "message": message, "details": []any{}, "title": "<none>"}
	}
	legacy := func(message string) map[string]any {
		return map[string]any{"message": message, "code": "<none>", "title": "<none>"}
	}
	for _, c := range []struct {
		as, do, body string
		status       int
		want         map[string]any
	}{
		{"reader", "GET /v2/control-planes/{b}", "", 200, nil},
		{"reader", "HEAD /v2/control-planes/{b}", "", 200, nil},
		{"reader", "GET /v1/realms", "", 200, nil},
		{"reader", "POST /v2/control-planes", `{"name":"x"}`, 403, platform(reads)},
		{"reader", "POST /v2/control-planes", `not even JSON`, 403, platform(reads)},
		{"reader", "POST /v1/realms", `{"name":"x"}`, 403, platform(reads)},
		{"reader", "DELETE /v2/control-planes/{b}", "", 403, platform(reads)},
		{"reader", "POST /v2/control-planes/{b}/core-entities/services", `{"host":"h"}`, 403, core(reads)},
		{"reader", "PUT /v2/control-planes/{b}/core-entities/services/s", `{"host":"h"}`, 403, core(reads)},
		{"reader", "DELETE /v2/control-planes/{b}/core-entities/services/s", "", 403, core(reads)},
		{"reader", "DELETE /v2/control-planes/{b}/core-entities/plugin-schemas/s", "", 403, legacy(reads)},
		{"reader", "POST /v2/control-planes/{b}/core-entities/schemas/services/validate", `{"host":"h"}`, 200, nil},
		{"reader", "POST /v2/control-planes/{b}/core-entities/services/validate", `{"host":"h"}`, 405, nil},

		{"only-a", "GET /v2/control-planes/{a}", "", 200, nil},
		{"only-a", "GET /v2/control-planes/{A}", "", 200, nil},
		{"only-a", "PATCH /v2/control-planes/{a}", `{"description":"mine"}`, 200, nil},
		{"only-a", "POST /v2/control-planes/{a}/core-entities/services", `{"host":"h"}`, 201, nil},
		{"only-a", "GET /v2/control-planes/{b}", "", 403, platform(away)},
		{"only-a", "GET /v2/control-planes/" + missing, "", 403, platform(away)},
		{"only-a", "GET /v2/control-planes/x", "", 403, platform(away)},
		{"only-a", "DELETE /v2/control-planes/{b}", "", 403, platform(away)},
		{"only-a", "GET /v2/control-planes/{b}/core-entities/services", "", 403, core(away)},
		{"only-a", "POST /v2/control-planes/{b}/core-entities/services", `{"host":"h"}`, 403, core(away)},
		{"only-a", "POST /v2/control-planes/{b}/core-entities/schemas/services/validate", `{"host":"h"}`, 403, core(away)},
		{"only-a", "GET /v2/control-planes/{b}/core-entities/plugin-schemas/x", "", 403, legacy(away)},
		{"only-a", "GET /v2/control-planes/{b}/core-entities/plugin-schemas", "", 403, platform(away)},
		{"only-a", "GET /v2/control-planes/{b}/dp-client-certificates", "", 403, legacy(away)},
		{"only-a", "GET /v2/control-planes/{b}/config-stores", "", 403, platform(away)},
		{"only-a", "GET /v2/control-planes/{g}/group-memberships", "", 403, platform(away)},
		{"only-a", "POST /v2/control-planes", `{"name":"x"}`, 403, platform(single)},
		{"only-a", "GET /v1/realms", "", 403, platform(single)},
		{"only-a", "POST /v1/realms", `{"name":"x"}`, 403, platform(single)},
		{"only-a", "GET /openapi.json", "", 200, nil},
		{"only-a", "GET /nowhere", "", 404, nil},

		{"reads-a", "GET /v2/control-planes/{a}/core-entities/services/s", "", 200, nil},
		{"reads-a", "DELETE /v2/control-planes/{a}/core-entities/services/s", "", 403, core(reads)},
		{"reads-a", "GET /v2/control-planes/{b}/core-entities/services/s", "", 403, core(away)},

		{"a-and-g", "POST /v2/control-planes/{g}/group-memberships/add", `{"members":[{"id":"{c}"}]}`, 403, platform("the token is not for the control plane {c}")},
		{"a-and-g", "POST /v2/control-planes/{g}/group-memberships/remove", `{"members":[{"id":"{a}"},{"id":"{b}"}]}`, 403, platform("the token is not for the control plane {b}")},
		{"a-and-g", "PUT /v2/control-planes/{g}/group-memberships", `{"members":[{"id":"{a}"}]}`, 403, platform("the token is not for the control plane {b}")},
		{"a-b-and-g", "PUT /v2/control-planes/{g}/group-memberships", `{"members":[{"id":"{b}"},{"id":"{A}"}]}`, 204, nil},
	} {
		r := row{Do: c.do, Raw: ptr(g.expand(c.body)), Header: g.as(c.as), Status: c.status}
		if c.want != nil {
			r.Want = decodeJSON(t, []byte(encodeJSON(t, c.want)))
		}
		t.Run(c.as+" "+c.do, func(t *testing.T) {
			if strings.HasPrefix(c.do, "HEAD") {
				if rec := g.send(t, "HEAD", g.expand(strings.TrimPrefix(c.do, "HEAD ")), "", r.Header); rec.Code != c.status {
					t.Errorf("status %d", rec.Code)
				}
				return
			}
			g.run(t, r)
		})
	}
}

func ptr[T any](v T) *T { return &v }

// Lists show what a token reaches, and count nothing else.
func TestServer_reachOfLists(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, server.Options{})
	g.create(t, access.Token{Name: "a", ControlPlanes: []string{"{a}"}})
	g.create(t, access.Token{Name: "a-and-g", ControlPlanes: []string{"{a}", "{g}"}})
	for _, c := range []struct {
		as, path string
		want     []string
		total    any
	}{
		{"all", "/konnect-api/api/runtime_groups", []string{"a", "b", "c", "g"}, nil},
		{"a", "/konnect-api/api/runtime_groups", []string{"a"}, nil},
		{"a-and-g", "/konnect-api/api/runtime_groups?page=1", []string{"a", "g"}, nil},
		{"all", "/v2/control-planes", []string{"a", "b", "c", "g"}, 4},
		{"a", "/v2/control-planes", []string{"a"}, 1},
		{"a-and-g", "/v2/control-planes", []string{"a", "g"}, 2},
		{"a-and-g", "/v2/control-planes?page[size]=1&page[number]=2", []string{"g"}, 2},
		{"a-and-g", "/v2/control-planes?sort=name+desc", []string{"a", "g"}, 2},
		{"a-and-g", "/v2/control-planes?filter[id][eq]={b}", nil, 0},
		{"a-and-g", "/v2/control-planes?filter[id][oeq]={b},{g},{c}", []string{"g"}, 1},
		{"a-and-g", "/v2/control-planes?filter[name][contains]=plane", []string{"a"}, 1},
		{"a-and-g", "/v2/control-planes?filter[name][neq]=x", []string{"a", "g"}, 2},
		{"all", "/v2/control-planes/{g}/group-memberships", []string{"a", "b"}, 2},
		{"a-and-g", "/v2/control-planes/{g}/group-memberships", []string{"a"}, 1},
	} {
		rec := g.send(t, "GET", g.expand(c.path), "", g.as(c.as))
		body, _ := decodeJSON(t, rec.Body.Bytes()).(map[string]any)
		var got []string
		data, _ := body["data"].([]any)
		for _, name := range []string{"a", "b", "c", "g"} {
			if slices.ContainsFunc(data, func(doc any) bool { return doc.(map[string]any)["id"] == g.vars[name] }) {
				got = append(got, name)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" || len(data) != len(c.want) {
			t.Errorf("%s %s: %s\n%s", c.as, c.path, diff, rec.Body)
		}
		if total := lookup(body, "meta.page.total"); encodeJSON(t, total) != encodeJSON(t, c.total) {
			t.Errorf("%s %s: total %v, want %v", c.as, c.path, total, c.total)
		}
	}
}

// Every operation that the server describes asks for a token, and for one that
// allows it.
func TestServer_everyOperationIsGuarded(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, server.Options{})
	g.create(t, access.Token{Name: "reader", ReadOnly: true})
	g.create(t, access.Token{Name: "only-a", ControlPlanes: []string{"{a}"}})
	rec := g.send(t, "GET", "/openapi.json", "", g.as("all"))
	description, _ := decodeJSON(t, rec.Body.Bytes()).(map[string]any)
	paths, _ := description["paths"].(map[string]any)
	seen := 0
	for path, item := range paths {
		if path == "/healthz" || path == "/readyz" {
			continue
		}
		for method := range item.(map[string]any) {
			method = strings.ToUpper(method)
			if !slices.Contains([]string{"GET", "POST", "PUT", "PATCH", "DELETE"}, method) {
				continue
			}
			seen++
			target := g.concrete(path, g.vars["b"])
			status := func(as string) int {
				header := map[string]string{}
				if as != "" {
					header = g.as(as)
				}
				return g.sendFrom(t, method, target, as, header).Code
			}
			if got := status(""); got != 401 {
				t.Errorf("%s %s: %d without a token", method, path, got)
			}
			reads := method == "GET" || strings.HasSuffix(path, "/validate")
			if got := status("reader"); (got == 403) == reads {
				t.Errorf("%s %s: %d with a token that may read", method, path, got)
			}
			lists := slices.Contains([]string{"GET /v2/control-planes", "GET /konnect-api/api/runtime_groups", "GET /openapi.json"}, method+" "+path)
			if got := status("only-a"); (got == 403) == lists {
				t.Errorf("%s %s: %d with a token for something else", method, path, got)
			}
		}
	}
	if seen < 150 {
		t.Errorf("the description has %d operations only", seen)
	}
}

// concrete fills the parameters of a path.
func (g *guarded) concrete(path, plane string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		switch {
		case i == 3 && parts[2] == "control-planes" && strings.HasPrefix(part, "{"):
			parts[i] = plane
		case strings.HasPrefix(part, "{"):
			parts[i] = "00000000-0000-4000-8000-000000000000"
		}
	}
	return strings.Join(parts, "/")
}

// sendFrom sends from an address of its own, so that one who has no token does
// not use up the patience for another.
func (g *guarded) sendFrom(t testing.TB, method, target, address string, header map[string]string) *httptest.ResponseRecorder {
	t.Helper()
	req := httptest.NewRequestWithContext(t.Context(), method, target, http.NoBody)
	req.RemoteAddr = address + target // no two are alike
	for name, value := range header {
		req.Header.Set(name, value)
	}
	rec := httptest.NewRecorder()
	g.handler.ServeHTTP(rec, req)
	return rec
}
