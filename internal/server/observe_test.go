package server_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/openkonnect/terraform-provider-konnect/internal/server"
)

// Each request is one line of plain text, whatever it was made of, and that
// line has who sent it, but not with what.
func TestServer_accessLog(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]func(*bytes.Buffer) slog.Handler{
		"json": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
		"text": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
	} {
		var log bytes.Buffer
		g := newGuarded(t, server.Options{Logger: slog.New(handler(&log))})
		for _, c := range []struct {
			method, path, token, says string
		}{
			{"GET", "/v2/control-planes?q=hidden", "all", "/v2/control-planes"},
			{"GET", "/a\nlevel=ERROR msg=forged", "all", "/a%0Alevel=ERROR%20msg=forged"},
			{"GET", "/a\r\n\x1b[31mred\x00", "all", "/a%0D%0A%1B%5B31mred%00"},
			{"GET", "/\u202eright\u2028to left", "all", "/%E2%80%AEright%E2%80%A8to%20left"},
			{"GET", `/"},{"msg":"forged"}`, "all", "/%22%7D,%7B%22msg%22:%22forged%22%7D"},
			{"GET", "/" + strings.Repeat("x", 60_000), "all", "xxx…"},
			{"GET", "/\xff\xfe", "all", "/%FF%FE"},
			{strings.Repeat("M", 5000), "/m", "all", "MMM…"},
			{"GET", "/wrong", "", "/wrong"},
		} {
			log.Reset()
			req := httptest.NewRequestWithContext(t.Context(), c.method, "/", http.NoBody)
			req.URL = &url.URL{Path: c.path}
			if path, query, found := strings.Cut(c.path, "?"); found {
				req.URL = &url.URL{Path: path, RawQuery: query}
			}
			req.Header.Set("Authorization", "Bearer hidden")
			if c.token != "" {
				req.Header.Set("Authorization", g.as(c.token)["Authorization"])
			}
			req.Header.Set("User-Agent", "hidden\nforged")
			req.Header.Set("X-Request-Id", "hidden")
			rec := httptest.NewRecorder()
			g.handler.ServeHTTP(rec, req)
			line := log.String()
			if strings.Count(line, "\n") != 1 || strings.ContainsFunc(strings.TrimSuffix(line, "\n"), func(r rune) bool { return !unicode.IsPrint(r) }) {
				t.Errorf("%s: %q is not one line of text: %q", name, c.path, line)
			}
			if !strings.Contains(line, c.says) || len(line) > 1200 {
				t.Errorf("%s: want %q in %q", name, c.says, line)
			}
			if strings.Contains(line, "hidden") || strings.Contains(line, g.secret["all"]) {
				t.Errorf("%s: the log tells a secret: %q", name, line)
			}
			if id := rec.Header().Get("X-Request-Id"); id == "" || !strings.Contains(line, id) {
				t.Errorf("%s: %q lacks the request id %s", name, line, id)
			}
			if (c.token != "") != strings.Contains(line, "token") {
				t.Errorf("%s: %q should name the token %q", name, line, c.token)
			}
		}
	}
}

// The request id of the header is the trace of the answer.
func TestServer_requestID(t *testing.T) {
	t.Parallel()
	h := newServer(t, server.Options{})
	seen := map[string]bool{}
	for range 100 {
		s := &session{handler: h}
		rec := s.send(t, "GET", "/v2/control-planes/x", "")
		id := rec.Header().Get("X-Request-Id")
		var body struct {
			Instance string `json:"instance"`
		}
		if err := json.Unmarshal(rec.Body.Bytes(), &body); err != nil || body.Instance != "kong:trace:"+id || seen[id] {
			t.Fatalf("request id %q, instance %q, %v", id, body.Instance, err)
		}
		seen[id] = true
	}
}

// Metrics are by pattern. However many paths and methods clients make up, they
// stay as few as there are endpoints.
func TestServer_metrics(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	g := newGuarded(t, server.Options{Metrics: registry})
	const services = "/v2/control-planes/{controlPlaneId}/core-entities/services"
	for range 3 {
		g.send(t, "GET", g.expand("/v2/control-planes/{a}/core-entities/services"), "", g.as("all"))
	}
	g.send(t, "GET", g.expand("/v2/control-planes/{b}/core-entities/services"), "")
	g.send(t, "GET", "/readyz", "")
	before := series(t, registry)
	for i := range 50 {
		g.send(t, "METHOD"+strings.Repeat("X", i), "/v2/control-planes", "", g.as("all"))
		g.send(t, "GET", "/nowhere/"+strings.Repeat("x", i), "", g.as("all"))
		g.send(t, "GET", g.expand("/v2/control-planes/{a}/core-entities/services/"+strings.Repeat("x", i+1)), "", g.as("all"))
	}
	after := series(t, registry)
	if grown := len(after) - len(before); grown > 8 {
		t.Errorf("150 requests made %d new series", grown)
	}
	if err := g.store.Close(); err != nil {
		t.Fatal(err)
	}
	g.send(t, "GET", "/v2/control-planes", "", g.as("all"))
	g.send(t, "GET", "/readyz", "")
	after = series(t, registry)
	for name, want := range map[string]float64{
		"konnect_http_requests_total GET " + services + " 200":  3,
		"konnect_http_requests_total GET none 401":              1, // nobody was told what is there
		"konnect_http_requests_total GET none 404":              50,
		"konnect_http_requests_total GET /readyz 200":           1,
		"konnect_http_requests_total GET /readyz 503":           1,
		"konnect_http_requests_total other none 405":            50,
		"konnect_http_request_duration_seconds GET " + services: 3,
		"konnect_http_requests_in_flight":                       0,
		"konnect_database_errors_total closed":                  2,
	} {
		if got, ok := after[name]; !ok || got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	for name := range after {
		if strings.Contains(name, g.vars["a"]) || strings.Contains(name, "all") {
			t.Errorf("%s tells whom it is about", name)
		}
	}
}

// series are the values of a registry, by name and labels.
func series(t *testing.T, registry *prometheus.Registry) map[string]float64 {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for _, family := range families {
		for _, m := range family.GetMetric() {
			name := family.GetName()
			for _, label := range m.GetLabel() {
				name += " " + label.GetValue()
			}
			switch {
			case m.Histogram != nil:
				out[name] = float64(m.Histogram.GetSampleCount())
			case m.Gauge != nil:
				out[name] = m.Gauge.GetValue()
			default:
				out[name] = m.Counter.GetValue()
			}
		}
	}
	return out
}

func TestServer_stopping(t *testing.T) {
	t.Parallel()
	stopping := make(chan struct{})
	s := &session{handler: newServer(t, server.Options{Stopping: stopping}), vars: map[string]string{}}
	s.run(t, row{Do: "GET /readyz", Status: 200, Want: map[string]any{"status": "ok"}})
	close(stopping)
	s.run(t, row{Do: "GET /readyz", Status: 503, Want: map[string]any{"status": "stopping"}})
	s.run(t, row{Do: "GET /healthz", Status: 200, Want: map[string]any{"status": "ok"}})
	s.createControlPlane(t) // whoever still comes is served
}

func TestServer_maxBody(t *testing.T) {
	t.Parallel()
	s := &session{handler: newServer(t, server.Options{MaxBody: 100}), vars: map[string]string{}}
	s.createControlPlane(t)
	body := func(size int) *string {
		text := `{"host":"h","name":"` + strings.Repeat("x", size)
		return ptr(text[:size-2] + `"}`)
	}
	for do, want := range map[string]map[string]any{
		"POST {core}/services":       {"message": "the body is too large"},
		"POST {core}/plugin-schemas": {"message": "the body is too large"},
		"POST /v2/control-planes":    {"title": "Payload Too Large", "detail": "the body is too large"},
	} {
		s.run(t, row{Do: do, Raw: body(101), Status: 413, Want: want})
	}
	s.run(t, row{Do: "POST {core}/services", Raw: body(100), Status: 201})
}
