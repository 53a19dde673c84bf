package ui_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/server/access"
)

// BenchmarkPages is what a page costs in a control plane with 10,000 plugins: one for
// each of 5,000 services and of 5,000 routes.
func BenchmarkPages(b *testing.B) {
	w := newWorld(b, access.Unguarded)
	plugin := ""
	for i := range 5000 {
		service := w.make(b, w.in("services"), fmt.Sprintf(`{"name":"service-%d","host":"a.example"}`, i))
		w.make(b, w.in("services/"+service+"/plugins"), `{"name":"rate-limiting","config":{"minute":5}}`)
		route := w.make(b, w.in("services/"+service+"/routes"), fmt.Sprintf(`{"name":"route-%d","paths":["/%d"]}`, i, i))
		plugin = w.make(b, w.in("routes/"+route+"/plugins"), `{"name":"cors"}`)
	}
	for name, path := range map[string]string{
		"planes": "/ui/", "overview": "/ui/planes/" + w.id, "plugin": "/ui/planes/" + w.id + "/plugins/" + plugin, "search": "/ui/search?q=service-4999",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				rec := httptest.NewRecorder()
				w.ServeHTTP(rec, httptest.NewRequestWithContext(context.WithoutCancel(b.Context()), http.MethodGet, path, nil))
				if rec.Code != http.StatusOK {
					b.Fatal(rec.Code)
				}
			}
		})
	}
}
