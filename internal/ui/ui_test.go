package ui_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/controlplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/seed"
	"github.com/openkonnect/terraform-provider-konnect/internal/server"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/access"
	"github.com/openkonnect/terraform-provider-konnect/internal/ui"
)

// world is a control plane with its pages.
type world struct {
	http.Handler

	plane *controlplane.ControlPlane
	token string // of whoever fills it
	id    string // of a control plane
}

const owner = "okat_owner"

func newWorld(t testing.TB, guard access.Guard) *world {
	t.Helper()
	o := server.Options{Guard: guard}
	w := &world{}
	if guard == access.Guarded {
		o.Tokens, w.token = []string{owner}, owner
	}
	plane, err := controlplane.Open(t.Context(), controlplane.Options{Database: filepath.Join(t.TempDir(), "konnect.db"), API: o})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = plane.Close() })
	w.plane, w.Handler = plane, ui.Beside(plane, ui.New(ui.Options{API: plane, Bundled: controlplane.Bundled(), Schemas: seed.Schemas()}))
	w.id = w.make(t, "/v2/control-planes", `{"name":"shop"}`)
	return w
}

// make makes an entity and returns its id.
func (w *world) make(t testing.TB, path, body string) string {
	t.Helper()
	rec := w.ask(t, http.MethodPost, path, body, "Authorization", "Bearer "+w.token, "Content-Type", "application/json")
	var doc struct{ ID string }
	if err := json.Unmarshal(rec.Body.Bytes(), &doc); err != nil || rec.Code != http.StatusCreated {
		t.Fatalf("POST %s: %d %s", path, rec.Code, rec.Body)
	}
	return doc.ID
}

func (w *world) in(path string) string {
	return "/v2/control-planes/" + w.id + "/core-entities/" + path
}

// ask sends a request with headers, in pairs.
func (w *world) ask(t testing.TB, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	w.ServeHTTP(rec, r)
	return rec
}

// page asks for a page, and insists on getting it.
func (w *world) page(t testing.TB, path string, headers ...string) string {
	t.Helper()
	rec := w.ask(t, http.MethodGet, path, "", headers...)
	if rec.Code != http.StatusOK {
		t.Fatalf("GET %s: %d %s", path, rec.Code, rec.Body)
	}
	return rec.Body.String()
}

// login returns the cookie of a token.
func (w *world) login(t testing.TB, token, next string) (*httptest.ResponseRecorder, string) {
	t.Helper()
	form := url.Values{"token": {token}, "next": {next}}.Encode()
	rec := w.ask(t, http.MethodPost, "/ui/login", form, "Content-Type", "application/x-www-form-urlencoded")
	for _, c := range rec.Result().Cookies() {
		return rec, c.Name + "=" + c.Value
	}
	return rec, ""
}

func TestOverview(t *testing.T) {
	t.Parallel()
	w := newWorld(t, access.Unguarded)
	service := w.make(t, w.in("services"), `{"name":"orders","host":"orders.example"}`)
	route := w.make(t, w.in("services/"+service+"/routes"), `{"name":"list","paths":["/orders"]}`)
	w.make(t, w.in("routes/"+route+"/plugins"), `{"name":"cors"}`)
	w.make(t, w.in("plugins"), `{"name":"acl","config":{"allow":["a"]}}`)
	w.make(t, w.in("routes"), `{"name":"loose","paths":["/loose"]}`)
	w.make(t, w.in("consumers"), `{"username":"alice"}`)
	if got := w.page(t, "/ui/"); !strings.Contains(got, `<a href="/ui/planes/`+w.id+`">shop</a>`) {
		t.Errorf("the control plane is not listed:\n%s", got)
	}
	got := w.page(t, "/ui/planes/"+w.id)
	for _, want := range []string{"orders", "http://orders.example", "list", "/orders", "cors", "acl", "loose", "alice"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in:\n%s", want, got)
		}
	}
	if strings.Count(got, ">cors<") != 1 || strings.Count(got, ">acl<") != 1 {
		t.Errorf("plugins stand in the wrong places:\n%s", got)
	}
}

func TestOverview_pages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, access.Unguarded)
	for i := range 60 {
		w.make(t, w.in("services"), `{"name":"service-`+string(rune('a'+i/26))+string(rune('a'+i%26))+`","host":"a"}`)
	}
	seen := map[string]bool{}
	pages := 0
	for at := "/ui/planes/" + w.id; at != ""; pages++ {
		got := w.page(t, at)
		for _, part := range strings.Split(got, "<summary>")[1:] {
			name, _, _ := strings.Cut(part, " ")
			if seen[name] {
				t.Errorf("%s is shown twice", name)
			}
			seen[name] = true
		}
		_, rest, found := strings.Cut(got, `<p class="next"><a href="`)
		at = ""
		if found {
			query, _, _ := strings.Cut(rest, `"`)
			at = "/ui/planes/" + w.id + strings.ReplaceAll(query, "&amp;", "&")
		}
	}
	if len(seen) != 60 || pages != 3 {
		t.Errorf("%d services on %d pages", len(seen), pages)
	}
}

func TestUI_login(t *testing.T) {
	t.Parallel()
	w := newWorld(t, access.Guarded)
	other := w.make(t, "/v2/control-planes", `{"name":"other"}`)
	limited, err := w.plane.Tokens().Create(t.Context(), access.Token{Name: "limited", ReadOnly: true, ControlPlanes: []string{w.id}})
	if err != nil {
		t.Fatal(err)
	}
	rec := w.ask(t, http.MethodGet, "/ui/planes/"+w.id, "")
	if to := rec.Header().Get("Location"); rec.Code != http.StatusSeeOther || to != "/ui/login?next="+url.QueryEscape("/ui/planes/"+w.id) {
		t.Errorf("without a login: %d, to %s", rec.Code, to)
	}
	for _, path := range []string{"/ui/compose", "/ui/compose/cors"} { // which ask the API nothing else
		if rec := w.ask(t, http.MethodGet, path, ""); rec.Code != http.StatusSeeOther {
			t.Errorf("GET %s without a login: %d", path, rec.Code)
		}
		rec := w.ask(t, http.MethodPost, path, "schema=while+true+do+end", "Content-Type", "application/x-www-form-urlencoded")
		if rec.Code != http.StatusUnauthorized || strings.Contains(rec.Body.String(), "schema") {
			t.Errorf("POST %s without a login: %d\n%s", path, rec.Code, rec.Body)
		}
	}
	for _, wrong := range []string{"", "okat_wrong", "two words", "a\nb", strings.Repeat("x", 5000)} {
		if rec, cookie := w.login(t, wrong, ""); rec.Code < 400 || cookie != "" {
			t.Errorf("%.20q: %d, cookie %q", wrong, rec.Code, cookie)
		}
	}
	for next, want := range map[string]string{
		"": "/ui/", "/ui/planes/x?at=1": "/ui/planes/x?at=1", "https://evil.example/ui/": "/ui/", "//evil.example/ui/": "/ui/", "/v2/": "/ui/", `/\evil.example`: "/ui/", "/ui/../v2/": "/ui/", "/ui/%2e%2e/v2/": "/ui/",
	} {
		if rec, _ := w.login(t, owner, next); rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != want {
			t.Errorf("next %q: %d, to %s", next, rec.Code, rec.Header().Get("Location"))
		}
	}
	rec, cookie := w.login(t, limited, "")
	set := rec.Header().Get("Set-Cookie")
	for _, want := range []string{"HttpOnly", "SameSite=Strict", "Path=/ui/", "Max-Age=3600"} {
		if !strings.Contains(set, want) {
			t.Errorf("the cookie is not %s: %s", want, set)
		}
	}
	if strings.Contains(set, limited) {
		t.Error("the cookie shows the token")
	}
	if got := w.page(t, "/ui/", "Cookie", cookie); !strings.Contains(got, "shop") || strings.Contains(got, "other") {
		t.Errorf("what the token may not see is shown:\n%s", got)
	}
	if rec := w.ask(t, http.MethodGet, "/ui/planes/"+other, "", "Cookie", cookie); rec.Code != http.StatusForbidden {
		t.Errorf("another control plane: %d", rec.Code)
	}
	for _, forged := range []string{"konnect_ui=", "konnect_ui=x", "konnect_ui=" + strings.Repeat("A", 80), cookie + "A", "konnect_ui=" + owner} {
		if rec := w.ask(t, http.MethodGet, "/ui/", "", "Cookie", forged); rec.Code != http.StatusSeeOther {
			t.Errorf("%s: %d", forged, rec.Code)
		}
	}
	rec = w.ask(t, http.MethodPost, "/ui/logout", "", "Cookie", cookie)
	if rec.Code != http.StatusSeeOther || !strings.Contains(rec.Header().Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("logout: %d %v", rec.Code, rec.Header())
	}
	rec = w.ask(t, http.MethodPost, "/ui/login", "token="+owner, "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "cross-site")
	if rec.Code != http.StatusForbidden {
		t.Errorf("a login from another site: %d", rec.Code)
	}
}

// Every answer keeps to itself, whatever it is.
func TestUI_headers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, access.Unguarded)
	for path, status := range map[string]int{
		"/ui/": 200, "/ui/login": 200, "/ui/nothing": 404, "/ui/planes/" + w.id: 200, "/ui/planes/none": 404, "/ui/planes/%2e%2e": 404, "/ui/planes/a%2Fb": 404,
		"/ui/static/style.css": 200, "/ui/static/ui.js": 200, "/ui/static/none": 404, "/ui": 302,
		"/ui/planes/" + w.id + "?services=" + url.QueryEscape("offset=%00&size=9999999"): 400,
	} {
		rec := w.ask(t, http.MethodGet, path, "")
		if rec.Code != status {
			t.Errorf("%s: %d, want %d", path, rec.Code, status)
		}
		if csp := rec.Header().Get("Content-Security-Policy"); path != "/ui" && (!strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "unsafe")) {
			t.Errorf("%s: policy %q", path, csp)
		}
		body, _ := io.ReadAll(rec.Body)
		for _, inline := range []string{" style=", "<style", " onclick", "javascript:"} {
			if strings.HasPrefix(rec.Header().Get("Content-Type"), "text/html") && bytes.Contains(body, []byte(inline)) {
				t.Errorf("%s has %s", path, inline)
			}
		}
	}
}

// The pages are light: no more is sent than this.
func TestUI_size(t *testing.T) {
	t.Parallel()
	total := 0
	for _, folder := range []string{"static", "templates"} {
		entries, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			info, err := e.Info()
			if err != nil {
				t.Fatal(err)
			}
			total += int(info.Size())
		}
	}
	if total == 0 || total > 150_000 {
		t.Errorf("%d bytes", total)
	}
}
