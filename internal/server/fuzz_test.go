package server_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/server"
)

// fixtures are there before anything is fuzzed, so that what is fuzzed can
// lead to something. Their ids are variables of paths and bodies.
var fixtures = []struct{ name, do, body string }{
	{"svc", "POST {core}/services", `{"name":"web","host":"h"}`},
	{"s", "POST {core}/services", `{"name":"s","host":"h","tags":["a"]}`},
	{"route", "POST {core}/routes", `{"name":"r","paths":["/"],"service":{"id":"{svc}"}}`},
	{"c", "POST {core}/consumers", `{"username":"ann"}`},
	{"g", "POST {core}/consumer_groups", `{"name":"gold"}`},
	{"u", "POST {core}/upstreams", `{"name":"u"}`},
	{"cert", "POST {core}/certificates", `{"cert":"{rsa.crt}","key":"{rsa.key}"}`},
	{"plugin", "POST {core}/plugins", `{"name":"cors","service":{"id":"{svc}"}}`},
	{"set", "POST {core}/key-sets", `{"name":"set"}`},
	{"partial", "POST {core}/partials", `{"name":"p","type":"redis-ce","config":{"host":"h"}}`},
	{"store", "POST {cp}/config-stores", `{"name":"store"}`},
	{"r", "POST /v1/realms", `{"name":"shared"}`},
	{"p", "POST /v2/api-products", `{"name":"Payments"}`},
	{"v", "POST /v2/api-products/{p}/product-versions", `{"name":"v1","gateway_service":{"id":"{s}","control_plane_id":"{cp_id}"}}`},
	{"k", "POST /v2/application-auth-strategies", `{"name":"keys","display_name":"K","strategy_type":"key_auth","configs":{"key-auth":{}}}`},
	{"m", "POST /v2/portals/8d9f9a52-0b0e-4f0c-9d52-6a6b7ee0b001/product-versions", `{"product_version_id":"{v}","publish_status":"published","application_registration_enabled":true,"auto_approve_registration":false,"deprecated":false,"auth_strategy_ids":["{k}"]}`},
}

// methods are what requests are fuzzed with, by number.
var methods = []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"}

// FuzzServer sends anything anywhere, beginning with every request of testdata.
// Whatever it is, the answer is one of the server's own description, and no
// 5xx.
func FuzzServer(f *testing.F) {
	seed(f)
	own := ownContract(f)
	s := &session{handler: newServer(f, server.Options{}), vars: pemFiles(f)}
	s.createControlPlane(f)
	for _, x := range fixtures {
		s.run(f, row{Do: x.do, Body: []byte(x.body), Status: http.StatusCreated, Save: map[string]string{x.name: "id"}})
	}
	f.Fuzz(func(t *testing.T, method uint8, path, header, body string) {
		target := s.expand(path)
		u, err := url.ParseRequestURI(target)
		if err != nil {
			return // no client can send it
		}
		m := methods[int(method)%len(methods)]
		if m == http.MethodDelete && strings.EqualFold(u.Path, s.vars["cp"]) {
			return // everything else needs it
		}
		req, err := http.NewRequestWithContext(t.Context(), m, target, strings.NewReader(s.expand(body)))
		if err != nil {
			return
		}
		for line := range strings.Lines(header) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
			req.Header.Add(name, strings.TrimSpace(value))
		}
		rec := httptest.NewRecorder()
		s.handler.ServeHTTP(rec, req)
		if rec.Code >= 500 || rec.Code < 200 || rec.Code >= 300 && rec.Code < 400 {
			t.Errorf("%s %s: status %d: %s", m, target, rec.Code, rec.Body)
		}
		if err := own.check(req, rec); err != nil {
			t.Errorf("%s %s: %d %s\n%v", m, target, rec.Code, rec.Body, err)
		}
		checkAnswer(t, rec)
	})
}

// seed begins with the requests of testdata and with some that are broken in
// ways that JSON lines cannot be.
func seed(f *testing.F) {
	f.Helper()
	number := map[string]uint8{}
	for i, m := range methods {
		number[m] = uint8(i)
	}
	files, err := filepath.Glob("testdata/*.jsonl")
	if err != nil || len(files) == 0 {
		f.Fatalf("no test files: %v", err)
	}
	for _, file := range files {
		for _, r := range readRows(f, file) {
			method, path, _ := strings.Cut(r.Do, " ")
			var header strings.Builder
			for name, value := range r.Header {
				header.WriteString(name + ": " + value + "\n")
			}
			body := string(r.Body)
			if r.Raw != nil {
				body = *r.Raw
			}
			f.Add(number[method], path, header.String(), body)
		}
	}
	for _, x := range []struct{ path, header, body string }{
		{"{core}/services/%00", "", `{"host":"h"}`},
		{"{core}/services/s/../routes", "", ``},
		{"{core}//services", "", ``},
		{"{core}/services/%2e%2e", "", ``},
		{"{core}/services", "Content-Type: text/plain", `{"host":"h"}`},
		{"{core}/services", "Content-Type: application/json; charset=utf-8\nContent-Encoding: gzip", "\x1f\x8b"},
		{"{core}/services", "X-HTTP-Method-Override: DELETE\nRange: bytes=0-1\nExpect: 100-continue", `{"host":"h","port":1e3}`},
		{"{core}/schemas/plugins/validate", "", `{"name":"cors","config":{"max_age":1e400}}`},
		{"{core}/plugin-schemas", "", `{"lua_schema":"return {name='fuzzed',fields={{config={type='record',fields={}}}}}"}`},
		{"/v2/control-planes?page[size]=1&page[number]=2&sort=name&filter[name][eq]=x&labels=a:b", "Authorization: Bearer x", ``},
	} {
		for m := range methods {
			f.Add(uint8(m), x.path, x.header, x.body)
		}
	}
}
