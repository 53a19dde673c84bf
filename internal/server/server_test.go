package server_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/pgtest"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/server"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// row is one request of a file in testdata: what is sent and what must come
// back. Rows of a file run in order against one server.
type row struct {
	Name   string            `json:"name"`
	Do     string            `json:"do"` // "POST {core}/services"
	Body   json.RawMessage   `json:"body"`
	Raw    *string           `json:"raw"` // a body that is no JSON
	Header map[string]string `json:"header"`
	Status int               `json:"status"`
	// Want is a part of the answer: members that it does not name may be
	// anything, lists must be complete. "<any>" is any value, "<none>" an
	// absent member.
	Want any `json:"want"`
	// Save keeps members of the answer under names that later rows use in
	// braces: {"svc": "id"}.
	Save map[string]string `json:"save"`
}

// clock is when everything happens in tests.
var clock = time.Date(2026, 7, 1, 12, 30, 45, 678_000_000, time.UTC)

// databases are where a server keeps its data: the address of a new one.
var databases = map[string]func(testing.TB) string{"sqlite": sqliteFile, "postgres": pgtest.New}

func sqliteFile(t testing.TB) string { return filepath.Join(t.TempDir(), "konnect.db") }

func newServer(t testing.TB, o server.Options) http.Handler {
	t.Helper()
	return newServerOn(t, sqliteFile(t), o)
}

func newServerOn(t testing.TB, database string, o server.Options) http.Handler {
	t.Helper()
	st, err := store.Open(t.Context(), database, entity.Types())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	o.Store = st
	o.Bundled = plugins.Bundled(entity.Plugin.Schema(), entity.Schemas)
	if o.Now == nil {
		o.Now = func() time.Time { return clock }
	}
	return server.New(o)
}

func TestServer(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test files: %v", err)
	}
	for name, fresh := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, file := range files {
				t.Run(strings.TrimSuffix(filepath.Base(file), ".jsonl"), func(t *testing.T) {
					t.Parallel()
					s := &session{handler: newServerOn(t, fresh(t), server.Options{}), vars: pemFiles(t)}
					s.createControlPlane(t)
					for _, r := range readRows(t, file) {
						t.Run(r.Name, func(t *testing.T) { s.run(t, r) })
					}
				})
			}
		})
	}
}

// pemFiles returns the keys and certificates of testdata as rows name them:
// {ca.crt} is the text as it stands in a JSON string.
func pemFiles(t testing.TB) map[string]string {
	t.Helper()
	files, err := filepath.Glob("testdata/pem/*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no PEM files: %v", err)
	}
	vars := map[string]string{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		vars[filepath.Base(file)] = strings.ReplaceAll(string(data), "\n", `\n`)
		if block, _ := pem.Decode(data); block != nil {
			vars[filepath.Base(file)+" sha256"] = fmt.Sprintf("%x", sha256.Sum256(block.Bytes))
		}
	}
	return vars
}

func readRows(t testing.TB, file string) []row {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	for i, line := range strings.Split(string(data), "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "//") {
			continue
		}
		var r row
		dec := json.NewDecoder(strings.NewReader(line))
		dec.UseNumber()
		dec.DisallowUnknownFields()
		if err := dec.Decode(&r); err != nil {
			t.Fatalf("%s:%d: %v", file, i+1, err)
		}
		rows = append(rows, r)
	}
	return rows
}

// session sends rows and remembers what they saved.
type session struct {
	handler http.Handler
	vars    map[string]string
}

// createControlPlane makes the control plane that {cp} and {core} lead to.
func (s *session) createControlPlane(t testing.TB) {
	t.Helper()
	s.run(t, row{
		Do: "POST /v2/control-planes", Body: json.RawMessage(`{"name":"test"}`),
		Status: http.StatusCreated, Save: map[string]string{"cp_id": "id"},
	})
	s.vars["cp"] = "/v2/control-planes/" + s.vars["cp_id"]
	s.vars["core"] = s.vars["cp"] + "/core-entities"
}

func (s *session) expand(text string) string {
	for name, value := range s.vars {
		text = strings.ReplaceAll(text, "{"+name+"}", value)
	}
	return text
}

func (s *session) run(t testing.TB, r row) {
	t.Helper()
	method, target, _ := strings.Cut(s.expand(r.Do), " ")
	body := s.expand(string(r.Body))
	if r.Raw != nil {
		body = *r.Raw
	}
	rec := s.send(t, method, target, body, r.Header)
	if rec.Code != r.Status {
		t.Fatalf("%s %s: status %d, want %d; body %s", method, target, rec.Code, r.Status, rec.Body)
	}
	got := checkAnswer(t, rec)
	if r.Want != nil {
		want := decodeJSON(t, []byte(s.expand(encodeJSON(t, r.Want))))
		for _, d := range differences("", want, got) {
			t.Errorf("%s", d)
		}
		if t.Failed() {
			t.Logf("answer: %s", rec.Body)
		}
	}
	for name, member := range r.Save {
		v := lookup(got, member)
		if v == nil {
			t.Fatalf("answer has no %s: %s", member, rec.Body)
		}
		s.vars[name] = fmt.Sprint(v)
	}
}

// send makes one request.
func (s *session) send(t testing.TB, method, target, body string, headers ...map[string]string) *httptest.ResponseRecorder {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range headers {
		for k, v := range h {
			req.Header.Set(k, v)
		}
	}
	rec := httptest.NewRecorder()
	s.handler.ServeHTTP(rec, req)
	return rec
}

// checkAnswer holds of every answer: JSON and declared as such, or empty.
func checkAnswer(t testing.TB, rec *httptest.ResponseRecorder) any {
	t.Helper()
	if rec.Code == http.StatusNoContent {
		if rec.Body.Len() != 0 {
			t.Errorf("204 with a body: %s", rec.Body)
		}
		return nil
	}
	if ct := rec.Header().Get("Content-Type"); ct != "application/json" && ct != "application/problem+json" && ct != "application/vnd.konnect.document-tree+json" {
		t.Errorf("content type %q", ct)
	}
	return decodeJSON(t, rec.Body.Bytes())
}

func decodeJSON(t testing.TB, data []byte) any {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		t.Fatalf("not JSON: %v: %s", err, data)
	}
	if dec.More() {
		t.Fatalf("more than one JSON value: %s", data)
	}
	return v
}

func encodeJSON(t testing.TB, v any) string {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func lookup(v any, path string) any {
	for name := range strings.SplitSeq(path, ".") {
		if list, ok := v.([]any); ok {
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(list) {
				return nil
			}
			v = list[i]
			continue
		}
		m, _ := v.(map[string]any)
		v = m[name]
	}
	return v
}

// differences says where got lacks what want asks for.
func differences(path string, want, got any) []string {
	switch want := want.(type) {
	case string:
		if want == "<any>" && got != nil {
			return nil
		}
	case map[string]any:
		m, ok := got.(map[string]any)
		if !ok {
			return []string{fmt.Sprintf("%s: got %v, want an object", path, got)}
		}
		var out []string
		for _, k := range keys(want) {
			v, present := m[k]
			switch {
			case want[k] == "<none>":
				if present {
					out = append(out, fmt.Sprintf("%s.%s: got %v, want no such member", path, k, v))
				}
			case !present:
				out = append(out, fmt.Sprintf("%s.%s: missing", path, k))
			default:
				out = append(out, differences(path+"."+k, want[k], v)...)
			}
		}
		return out
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) != len(want) {
			return []string{fmt.Sprintf("%s: got %v, want %d elements", path, got, len(want))}
		}
		var out []string
		for i := range want {
			out = append(out, differences(fmt.Sprintf("%s[%d]", path, i), want[i], list[i])...)
		}
		return out
	}
	if want != got {
		return []string{fmt.Sprintf("%s: got %v, want %v", path, got, want)}
	}
	return nil
}

func keys(m map[string]any) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// The log tells what happened, and nothing of what was in it.
func TestServer_logsNoSecrets(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	s := &session{
		handler: newServer(t, server.Options{
			Tokens: []string{"kpat_secret-token"},
			Logger: slog.New(slog.NewJSONHandler(&log, nil)),
		}),
		vars: map[string]string{},
	}
	header := map[string]string{"Authorization": "Bearer kpat_secret-token"}
	s.run(t, row{Do: "POST /v2/control-planes?x=secret-query", Header: header, Body: json.RawMessage(`{"name":"secret-name","labels":{"a":"!secret-label"}}`), Status: http.StatusBadRequest})
	s.run(t, row{Do: "POST /v2/control-planes", Header: header, Body: json.RawMessage(`{"name":"secret-name"}`), Status: http.StatusCreated})
	s.run(t, row{Do: "GET /v2/control-planes/x%0aforged%20line", Header: header, Status: http.StatusBadRequest})
	if strings.Contains(log.String(), "secret") {
		t.Errorf("the log tells a secret:\n%s", &log)
	}
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 3 {
		t.Fatalf("%d lines for 3 requests:\n%s", len(lines), &log)
	}
	var entry map[string]any
	if err := json.Unmarshal([]byte(lines[1]), &entry); err != nil {
		t.Fatal(err)
	}
	if entry["method"] != "POST" || entry["path"] != "/v2/control-planes" || entry["status"] != float64(201) || entry["request_id"] == "" {
		t.Errorf("the log does not say what happened: %s", lines[1])
	}
}

func TestServer_tokens(t *testing.T) {
	t.Parallel()
	h := newServer(t, server.Options{Tokens: []string{"kpat_one", "spat_two"}})
	core := "/v2/control-planes/00000000-0000-4000-8000-000000000000/core-entities"
	for _, c := range []struct {
		name, path, header string
		status             int
		want               string
	}{
		{"no header", "/v2/control-planes", "", 401, `{"status":401,"title":"Unauthorized","instance":"<any>","detail":"<any>"}`},
		{"wrong token", "/v2/control-planes", "Bearer kpat_on", 401, `{"status":401}`},
		{"longer token", "/v2/control-planes", "Bearer kpat_one2", 401, `{"status":401}`},
		{"empty token", "/v2/control-planes", "Bearer ", 401, `{"status":401}`},
		{"other scheme", "/v2/control-planes", "Basic kpat_one", 401, `{"status":401}`},
		{"token alone", "/v2/control-planes", "kpat_one", 401, `{"status":401}`},
		{"core entities", core + "/services", "", 401, `{"message":"Unauthorized","status":401,"code":"<none>"}`},
		{"plugin schemas", core + "/plugin-schemas/x", "", 401, `{"message":"Unauthorized","status":"<none>"}`},
		{"no endpoint", "/nowhere", "", 401, `{"status":401}`},
		{"first token", "/v2/control-planes", "Bearer kpat_one", 200, `{"data":[]}`},
		{"second token", "/v2/control-planes", "bearer spat_two", 200, `{"data":[]}`},
		{"health needs none", "/healthz", "", 200, `{"status":"ok"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := &session{handler: h}
			r := row{Do: "GET " + c.path, Status: c.status, Want: decodeJSON(t, []byte(c.want))}
			if c.header != "" {
				r.Header = map[string]string{"Authorization": c.header}
			}
			s.run(t, r)
		})
	}
}

// Bodies that a line of JSON cannot hold.
func TestServer_extremeBodies(t *testing.T) {
	t.Parallel()
	s := &session{handler: newServer(t, server.Options{}), vars: map[string]string{}}
	s.createControlPlane(t)
	nested := func(depth int) string {
		return `{"name":"cors","config":` + strings.Repeat(`{"a":`, depth) + "1" + strings.Repeat("}", depth) + "}"
	}
	for _, c := range []struct {
		name, body string
		status     int
		message    string
	}{
		{"not UTF-8", "{\"host\":\"\xff\"}", 400, "the body is not valid JSON: it is not UTF-8"},
		{"UTF-8 cut short", "{\"host\":\"\xc3\"}", 400, "the body is not valid JSON: it is not UTF-8"},
		{"deep", nested(60), 400, "validation error: unknown field"},
		{"too deep", nested(64), 400, "the body is not valid JSON: it is nested more than 64 levels deep"},
		{"far too deep", strings.Repeat("[", 1_000_000), 400, "the body is not valid JSON: it is nested more than 64 levels deep"},
		{"large", `{"name":"` + strings.Repeat("x", 4<<20-11) + `"}`, 400, "validation error: plugin(" + strings.Repeat("x", 128) + "…) does not exist"},
		{"too large", `{"name":"` + strings.Repeat("x", 4<<20) + `"}`, 413, "the body is too large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s.run(t, row{Do: "POST {core}/plugins", Raw: &c.body, Status: c.status, Want: map[string]any{"message": c.message}})
		})
	}
}
