package server_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
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
