package server_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/pgtest"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/server"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// A database that fails is a 5xx in every dialect. The cause is in the log,
// and only there.
func TestServer_databaseFails(t *testing.T) {
	t.Parallel()
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "konnect.db"), entity.Types())
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	s := &session{vars: map[string]string{}, handler: server.New(server.Options{
		Store:   st,
		Bundled: plugins.Bundled(entity.Plugin.Schema(), entity.Schemas),
		Logger:  slog.New(slog.NewTextHandler(&log, nil)),
	})}
	s.createControlPlane(t)
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		do     string
		status int
		want   map[string]any
	}{
		{"GET /v2/control-planes", 500, map[string]any{"title": "Internal", "detail": "internal error"}},
		{"GET {core}/services", 500, map[string]any{"message": "internal error"}},
		{"GET {core}/plugin-schemas/x", 500, map[string]any{"message": "internal error"}},
		{"GET /readyz", 503, map[string]any{"status": "unavailable"}},
		{"GET /healthz", 200, map[string]any{"status": "ok"}},
	} {
		s.run(t, row{Do: c.do, Status: c.status, Want: c.want})
	}
	if !strings.Contains(log.String(), "the database is closed") {
		t.Errorf("the log does not say what failed:\n%s", &log)
	}
}

// If the connection to the database ends, and there is no other, the answer says
// whether the change may have been made: a client that trusts it never does
// something twice.
func TestServer_databaseLost(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		at      string
		arrives bool
		status  int
		says    string
		routes  int
	}{
		"before the commit arrives": {"commit", false, http.StatusGatewayTimeout, "may have been made", 0},
		"before it is answered":     {"commit", true, http.StatusGatewayTimeout, "may have been made", 1},
		"before that":               {"/unmistakable", true, http.StatusServiceUnavailable, "nothing was written", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wire := pgtest.NewWire(t, pgtest.New(t))
			s := &session{handler: newServerOn(t, wire.Address, server.Options{}), vars: map[string]string{}}
			s.createControlPlane(t)
			wire.CutAt(c.at, c.arrives)
			w := s.send(t, "POST", s.vars["core"]+"/routes", `{"paths":["/unmistakable"]}`)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
				t.Errorf("got %d %s", w.Code, w.Body)
			}
			s.run(t, row{Do: "GET /readyz", Status: 503, Want: map[string]any{"status": "unavailable", "detail": store.ErrUnreachable.Error()}})
			s.run(t, row{Do: "GET {core}/routes", Status: 503})
			wire.Mend()
			for w = s.send(t, "GET", "/readyz", ""); w.Code != http.StatusOK; w = s.send(t, "GET", "/readyz", "") {
				if w.Code != http.StatusServiceUnavailable {
					t.Fatalf("readyz: %d %s", w.Code, w.Body)
				}
			}
			w = s.send(t, "GET", s.vars["core"]+"/routes", "")
			if n := strings.Count(w.Body.String(), "/unmistakable"); n != c.routes {
				t.Errorf("%d routes, want %d: %s", n, c.routes, w.Body)
			}
		})
	}
}

// A database that falls silent makes the server unready, and not mute.
func TestServer_databaseSilent(t *testing.T) {
	t.Parallel()
	wire := pgtest.NewWire(t, pgtest.New(t))
	s := &session{handler: newServerOn(t, wire.Address, server.Options{}), vars: map[string]string{}}
	end := sync.OnceFunc(wire.Silence())
	defer end()
	s.run(t, row{Do: "GET /readyz", Status: 503, Want: map[string]any{"status": "unavailable"}})
	end()
	s.run(t, row{Do: "GET /readyz", Status: 200})
}

// A process older than its database says so, and leaves requests to others.
func TestServer_outdated(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	s := &session{handler: newServerOn(t, dsn, server.Options{}), vars: map[string]string{}}
	s.createControlPlane(t)
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, true)`); err != nil {
		t.Fatal(err)
	}
	for w := s.send(t, "GET", "/readyz", ""); w.Code == http.StatusOK; w = s.send(t, "GET", "/readyz", "") {
		continue // it looks once a second
	}
	s.run(t, row{Do: "GET /readyz", Status: 503, Want: map[string]any{"status": "outdated", "detail": store.ErrNewer.Error()}})
	for _, do := range []string{"GET {core}/services", "POST {core}/services", "GET /v2/control-planes"} {
		s.run(t, row{Do: do, Body: json.RawMessage(`{"host":"h"}`), Status: 503})
	}
	s.run(t, row{Do: "GET /healthz", Status: 200})
}

// A mistake of ours ends the request, not the process.
func TestServer_panics(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	s := &session{handler: server.New(server.Options{Store: new(store.Store), Logger: slog.New(slog.NewTextHandler(&log, nil))})}
	s.run(t, row{Do: "GET /v2/control-planes", Status: http.StatusInternalServerError, Want: map[string]any{"detail": "internal error"}})
	if !strings.Contains(log.String(), "panic") || !strings.Contains(log.String(), "goroutine") {
		t.Errorf("the log does not tell of the panic:\n%s", &log)
	}
}

// If many want the same name at once, one gets it and the others are told that
// it is taken.
func TestServer_racesForAName(t *testing.T) {
	t.Parallel()
	s := &session{handler: newServer(t, server.Options{}), vars: map[string]string{}}
	s.createControlPlane(t)
	const clients = 8
	statuses := make([]int, clients)
	var wg sync.WaitGroup
	for i := range clients {
		wg.Go(func() {
			statuses[i] = s.send(t, "POST", s.vars["core"]+"/services", `{"name":"one","host":"h"}`).Code
		})
	}
	wg.Wait()
	counts := map[int]int{}
	for _, status := range statuses {
		counts[status]++
	}
	if counts[http.StatusCreated] != 1 || counts[http.StatusBadRequest] != clients-1 {
		t.Errorf("statuses %v, want one 201 and %d times 400", statuses, clients-1)
	}
}
