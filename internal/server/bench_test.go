package server_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/server"
)

func BenchmarkServer(b *testing.B) {
	for _, bench := range []struct {
		name         string
		method, path string
		body         func(i int) string
		status       int
	}{
		{"create service", "POST", "/services", func(i int) string { return fmt.Sprintf(`{"name":"s%d","host":"h"}`, i) }, http.StatusCreated},
		{"get service", "GET", "/services/web", func(int) string { return "" }, http.StatusOK},
		{"put plugin", "PUT", "/plugins/8d9f9a52-0b0e-4f0c-9d52-6a6b7ee0a001", func(i int) string {
			return fmt.Sprintf(`{"name":"rate-limiting","config":{"minute":%d,"policy":"redis","redis":{"host":"r"}}}`, i+1)
		}, http.StatusOK},
		{"list services", "GET", "/services", func(int) string { return "" }, http.StatusOK},
	} {
		b.Run(bench.name, func(b *testing.B) {
			s := &session{handler: newServer(b, server.Options{}), vars: map[string]string{}}
			s.createControlPlane(b)
			s.run(b, row{Do: "POST {core}/services", Body: []byte(`{"name":"web","host":"h"}`), Status: http.StatusCreated})
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				rec := s.send(b, bench.method, s.vars["core"]+bench.path, bench.body(i))
				if rec.Code != bench.status {
					b.Fatalf("status %d: %s", rec.Code, rec.Body)
				}
				i++
			}
		})
	}
}
