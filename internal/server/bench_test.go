package server_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/server"
)

// ids of what benchmarks write again and again.
const (
	benchPlugin = "8d9f9a52-0b0e-4f0c-9d52-6a6b7ee0a001"
	benchOther  = "8d9f9a52-0b0e-4f0c-9d52-6a6b7ee0a002"
)

// benchStored is how many services there are, with a plugin each, half of them with
// fields that have older names: a list shows them all.
const benchStored = 50

func BenchmarkServer(b *testing.B) {
	nothing := func(int) string { return "" }
	limits := func(id string) func(int) string {
		return func(i int) string {
			return fmt.Sprintf(`{"id":%q,"name":"rate-limiting","config":{"minute":%d,"policy":"redis","redis":{"host":"r"}}}`, id, i+1)
		}
	}
	for _, bench := range []struct {
		name         string
		method, path string
		body         func(i int) string
		status       int
		undo         string // path of what is deleted each time
	}{
		{"create service", "POST", "/services", func(i int) string { return fmt.Sprintf(`{"name":"s%d","host":"h"}`, i) }, http.StatusCreated, ""},
		{"get service", "GET", "/services/web", nothing, http.StatusOK, ""},
		{"list services", "GET", "/services", nothing, http.StatusOK, ""},
		{"create and delete plugin", "POST", "/plugins", limits(benchOther), http.StatusCreated, "/plugins/" + benchOther},
		{"put plugin", "PUT", "/plugins/" + benchPlugin, limits(benchPlugin), http.StatusOK, ""},
		{"get plugin", "GET", "/plugins/" + benchPlugin, nothing, http.StatusOK, ""},
		{"list plugins", "GET", "/plugins", nothing, http.StatusOK, ""},
	} {
		b.Run(bench.name, func(b *testing.B) {
			s := newBenchSession(b)
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				rec := s.send(b, bench.method, s.vars["core"]+bench.path, bench.body(i))
				if rec.Code != bench.status {
					b.Fatalf("status %d: %s", rec.Code, rec.Body)
				}
				if bench.undo != "" {
					s.send(b, "DELETE", s.vars["core"]+bench.undo, "")
				}
				i++
			}
		})
	}
}

func newBenchSession(b *testing.B) *session {
	b.Helper()
	s := &session{handler: newServer(b, server.Options{}), vars: map[string]string{}}
	s.createControlPlane(b)
	s.run(b, row{Do: "POST {core}/services", Body: []byte(`{"name":"web","host":"h"}`), Status: http.StatusCreated})
	kinds := []string{`{"name":"key-auth","config":{"key_names":["apikey"]}}`, `{"name":"rate-limiting","config":{"minute":5}}`}
	for i := range benchStored {
		s.run(b, row{
			Do: "POST {core}/services", Body: fmt.Appendf(nil, `{"name":"stored%d","host":"h","tags":["a","b"]}`, i),
			Status: http.StatusCreated, Save: map[string]string{"service": "id"},
		})
		s.run(b, row{
			Do: "POST {core}/services/{service}/plugins", Body: []byte(kinds[i%len(kinds)]),
			Status: http.StatusCreated,
		})
	}
	s.run(b, row{
		Do: "PUT {core}/plugins/" + benchPlugin, Body: []byte(`{"name":"cors"}`),
		Status: http.StatusOK,
	})
	return s
}
