package server_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/server"
)

// hostile are texts that mean something to databases, logs, templates, paths
// or terminals, if they are let.
var hostile = []string{
	`'; DROP TABLE entities; --`,
	`" OR ""="`,
	"x\nlevel=ERROR msg=forged",
	"x\r\nSet-Cookie: a=b",
	"../../../etc/passwd",
	"\u202e\u0000\ufeff"[:3] + "\u001b[2J",
	"${jndi:ldap://x/y}{{7*7}}%s%n",
	`\u0027 UNION SELECT body FROM entities`,
	strings.Repeat("é%27", 1_000),
}

// betrayals are words that no answer may contain: of the database, of the
// program, or of the machine.
var betrayals = []string{"sqlite", "SQLSTATE", "syntax error at", "goroutine", ".go:", "konnect.db", "INSERT INTO", "SELECT seq"}

// parameters are those of lists; each request has some of them in turn.
var parameters = []string{
	"size", "offset", "tags", "page[size]", "page[number]", "page[after]", "page[before]", "sort", "labels",
	"filter[name][eq]", "filter[name][contains]", "custom_id", "force", "list_consumers",
}

// Every text of every request of testdata, in its path, its query and its body,
// is replaced by something hostile in turn. The answer is one of the
// description and tells nothing; each request is one line of the log; and what
// was there before still is.
func TestServer_hostileTexts(t *testing.T) {
	t.Parallel()
	own := ownContract(t)
	files, err := filepath.Glob("testdata/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test files: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".jsonl"), func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			s := &session{vars: pemFiles(t), handler: newServer(t, server.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})}
			s.createControlPlane(t)
			rows := readRows(t, file)
			for _, r := range rows {
				s.run(t, r)
			}
			log.Reset()
			sent := 0
			for i, r := range rows {
				method, target, _ := strings.Cut(s.expand(r.Do), " ")
				for j, req := range attacks(t, method, target, s.expand(string(r.Body)), i) {
					if method == http.MethodDelete && req.URL.Path == s.vars["cp"] {
						continue
					}
					if path := req.URL.Path; path != "/healthz" && path != "/readyz" { // which are not logged
						sent++
					}
					s.attack(t, own, req, j)
				}
			}
			if lines := strings.Count(log.String(), "\n"); lines != sent {
				t.Errorf("%d lines of log for %d requests", lines, sent)
			}
			if strings.Contains(log.String(), "\nlevel=ERROR") {
				t.Errorf("an error, or a forged line, in the log")
			}
		})
	}
}

// attack sends a request and looks for what its answer must not be.
func (s *session) attack(t *testing.T, own *contract, req *http.Request, n int) {
	t.Helper()
	rec := httptest.NewRecorder()
	s.handler.ServeHTTP(rec, req)
	about := req.Method + " " + req.URL.String()[:min(len(req.URL.String()), 200)]
	if rec.Code >= 500 {
		t.Errorf("%s (%d): status %d: %s", about, n, rec.Code, rec.Body)
	}
	if err := own.check(req, rec); err != nil {
		t.Errorf("%s (%d): status %d: %v", about, n, rec.Code, err)
	}
	for name, values := range rec.Header() {
		if strings.ContainsAny(name+strings.Join(values, ""), "\r\n") {
			t.Errorf("%s: a header with a line break: %s", about, name)
		}
	}
	for _, word := range betrayals {
		if strings.Contains(rec.Body.String(), word) && req.URL.Path != "/openapi.json" {
			t.Errorf("%s (%d): the answer tells of %s: %.300s", about, n, word, rec.Body)
		}
	}
}

// attacks are a request with each of its texts replaced in turn.
func attacks(t *testing.T, method, target, body string, turn int) []*http.Request {
	t.Helper()
	next := func() string { turn++; return hostile[turn%len(hostile)] }
	var out []*http.Request
	add := func(target, body string) {
		if req, err := http.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body)); err == nil {
			out = append(out, req)
		}
	}
	path, query, _ := strings.Cut(target, "?")
	parts := strings.Split(path, "/")
	for i := 2; i < len(parts); i++ {
		changed := append([]string{}, parts...)
		changed[i] = url.PathEscape(next())
		add(strings.Join(changed, "/")+"?"+query, body)
	}
	params, _ := url.ParseQuery(query)
	for range 3 {
		name := parameters[turn%len(parameters)]
		params.Set(name, next())
		add(path+"?"+params.Encode(), body)
		params.Del(name)
	}
	var v any
	if json.Unmarshal([]byte(body), &v) != nil {
		return out
	}
	for i := 0; ; i++ {
		left := i
		changed, found := replaced(v, &left, next())
		if !found {
			return out
		}
		text, err := json.Marshal(changed)
		if err != nil {
			t.Fatal(err)
		}
		add(target, string(text))
	}
}

// replaced is a value in which the text after so many others is another one.
// Keys of objects are texts as well.
func replaced(v any, left *int, by string) (any, bool) {
	switch v := v.(type) {
	case string:
		*left--
		return by, *left < 0
	case []any:
		for i, e := range v {
			if changed, found := replaced(e, left, by); found {
				out := append([]any{}, v...)
				out[i] = changed
				return out, true
			}
		}
	case map[string]any:
		for _, key := range keys(v) {
			out := map[string]any{}
			for k, e := range v {
				out[k] = e
			}
			if *left--; *left < 0 {
				delete(out, key)
				out[by] = v[key]
				return out, true
			}
			if changed, found := replaced(v[key], left, by); found {
				out[key] = changed
				return out, true
			}
		}
	}
	return v, false
}

// Requests that are wrong before anything is looked up.
func TestServer_hostileRequests(t *testing.T) {
	t.Parallel()
	own := ownContract(t)
	s := &session{handler: newServer(t, server.Options{}), vars: map[string]string{}}
	s.createControlPlane(t)
	s.run(t, row{Do: "POST {core}/services", Body: []byte(`{"name":"web","host":"h"}`), Status: 201})
	const good = `{"host":"h"}`
	for _, c := range []struct {
		do, header, body string
		status           int
	}{
		// Paths.
		{"GET {core}/services/../services", "", "", 404},
		{"GET {core}/services/%2e%2e/services", "", "", 404},
		{"GET {core}/services/%2e%2e%2fservices", "", "", 404},
		{"GET {core}/./services", "", "", 404},
		{"GET {core}//services", "", "", 404},
		{"GET {core}/services/", "", "", 404},
		{"GET {core}/services/%00", "", "", 404},
		{"GET {core}/services/web%00", "", "", 404},
		{"GET {core}/services/web%0a", "", "", 404},
		{"GET {core}/services/web%2fplugins", "", "", 404},
		{"GET {core}/services;a=b", "", "", 404},
		{"GET {core}/SERVICES", "", "", 404},
		{"GET {core}%2fservices", "", "", 404},
		{"GET {core}/services/%ff", "", "", 404},
		{"GET {core}/services/.", "", "", 404},
		{"PUT {core}/services/%ff", "", good, 404},
		{"PUT {core}/consumers/a%ed%a0%80", "", `{}`, 404},
		{"GET {core}/services?tags=%ff", "", "", 200},
		{"GET {core}/services?%ff=a", "", "", 200},
		{"GET /v2/control-planes?filter[name][contains]=%c3", "", "", 200},
		{"GET /v2/control-planes/..%2f..%2fopenapi.json", "", "", 400},
		{"GET //v2/control-planes", "", "", 404},
		{"GET /v2/control-planes/%2e", "", "", 400},
		{"DELETE {core}/services", "", "", 405},
		{"DELETE /v2/control-planes/", "", "", 404},
		{"PATCH {core}/services/web", "", good, 405},
		{"TRACE {core}/services/web", "", "", 405},
		{"CONNECT {core}/services/web", "", "", 405},
		{"get {core}/services/web", "", "", 405},
		// Methods that headers would have in place of the real one.
		{"POST {core}/services/web", "X-HTTP-Method-Override: DELETE", good, 405},
		// Pages.
		{"GET {core}/services?size=1001", "", "", 400},
		{"GET {core}/services?size=9223372036854775808", "", "", 400},
		{"GET {core}/services?size=-1", "", "", 400},
		{"GET {core}/services?size=1e3", "", "", 400},
		{"GET {core}/services?size=0x10", "", "", 400},
		{"GET {core}/services?offset=9223372036854775807", "", "", 400},
		{"GET {core}/services?offset=%00", "", "", 400},
		{"GET {core}/services?offset=' OR 1=1--", "", "", 400},
		{"GET /v2/control-planes?page[size]=101", "", "", 400},
		{"GET /v2/control-planes?page[number]=9999999999999999999", "", "", 400},
		{"GET /v2/control-planes?page[number]=1073741824&page[size]=100", "", "", 200},
		{"GET /v1/realms?page[after]=x", "", "", 400},
		{"GET /v1/realms?page[before]=%00", "", "", 400},
		{"GET {cp}/config-stores?page[after]=eyJhIjoxfQ", "", "", 400},
		{"GET {core}/services?size=10&size=1001", "", "", 200},
		{"GET {core}/services?unknown=1&%zz", "", "", 200},
		// Content types.
		{"POST {core}/services", "Content-Type: application/json; charset=utf-8", good, 201},
		{"POST {core}/services", "Content-Type: application/vnd.api+json", good, 201},
		{"POST {core}/services", "Content-Type: APPLICATION/JSON", good, 201},
		{"POST {core}/services", "Accept: text/html", good, 201},
		{"POST {core}/services", "Content-Type: text/plain", good, 415},
		{"POST {core}/services", "Content-Type: application/x-www-form-urlencoded", "host=h", 415},
		{"POST {core}/services", "Content-Type: multipart/form-data; boundary=x", "--x--", 415},
		{"POST {core}/services", "Content-Type: application/json, text/html", good, 415},
		{"POST {core}/services", "Content-Type: ;", good, 415},
		{"POST {core}/services", "Content-Encoding: br", good, 415},
		{"PATCH {cp}", "Content-Type: text/xml", "<a/>", 415},
		// Bodies.
		{"POST {core}/services", "", ``, 400},
		{"POST {core}/services", "", `null`, 400},
		{"POST {core}/services", "", `[]`, 400},
		{"POST {core}/services", "", `"host"`, 400},
		{"POST {core}/services", "", `{"host":"h"}{}`, 400},
		{"POST {core}/services", "", `{"host":"h",}`, 400},
		{"POST {core}/services", "", `{"host":"h","host":"i"}`, 400},
		{"POST {core}/services", "", `{"host":"h","tls_sans":{"uris":[],"uris":[]}}`, 400},
		{"POST {core}/services", "", `{"host":"h","\u0068ost":"i"}`, 400},
		{"POST {core}/services", "", "\xef\xbb\xbf" + good, 400},
		{"POST {core}/services", "", "{\"host\":\"\xed\xa0\x80\"}", 400},
		{"POST {core}/services", "", `{"host":"\ud800"}`, 400},
		{"POST {core}/services", "", `{"name":"a\u0000b","host":"h"}`, 400},
		{"POST {core}/services", "", `{"host":"h","port":01}`, 400},
		{"POST {core}/services", "", `{"host":"h","port":NaN}`, 400},
		{"POST {core}/services", "", `{"host":"h","port":1e999}`, 400},
		{"POST {core}/services", "", `{"host":"h","port":` + strings.Repeat("9", 5000) + `}`, 400},
		{"POST {core}/services", "", `{"host":"h","__proto__":{"a":1}}`, 400},
		{"POST /v2/control-planes", "", strings.Repeat(`{"name":`, 5000), 400},
		{"POST {core}/plugin-schemas", "", `{"lua_schema":"while true do end"}`, 400},
		{"POST {core}/plugin-schemas", "", `{"lua_schema":"return {name='x',fields=os.exit(1)}"}`, 400},
		{"POST {core}/plugin-schemas", "", `{"lua_schema":"local s='x' for i=1,99 do s=s..s end return {}"}`, 400},
	} {
		method, target, _ := strings.Cut(s.expand(c.do), " ")
		req := &http.Request{Method: method, Header: http.Header{}, Host: "localhost"}
		req = req.WithContext(t.Context())
		u, err := url.Parse("http://localhost" + strings.ReplaceAll(target, " ", "%20"))
		if err != nil {
			t.Fatal(err)
		}
		req.URL, req.Body = u, http.NoBody
		if c.body != "" {
			req.Body = readCloser{strings.NewReader(c.body)}
		}
		if name, value, given := strings.Cut(c.header, ": "); given {
			req.Header.Set(name, value)
		}
		rec := httptest.NewRecorder()
		s.handler.ServeHTTP(rec, req)
		if rec.Code != c.status {
			t.Errorf("%s %s %.60s: status %d, want %d: %.200s", c.do, c.header, c.body, rec.Code, c.status, rec.Body)
		}
		if err := own.check(req, rec); err != nil {
			t.Errorf("%s %s %.60s: %d: %v", c.do, c.header, c.body, rec.Code, err)
		}
	}
	s.run(t, row{Do: "GET {core}/services/web", Status: http.StatusOK, Want: map[string]any{"host": "h"}})
}

// readCloser is a body that was not made from a text that is known.
type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }
