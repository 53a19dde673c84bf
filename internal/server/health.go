package server

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/access"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/openapi"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// probes ask about the server itself. They need no token, and the access log
// leaves them out, since they are frequent.
var probes = []string{"/healthz", "/readyz"}

func isProbe(r *http.Request) bool { return slices.Contains(probes, r.URL.Path) }

func (s *api) healthRoutes() {
	state := openapi.Whole(openapi.Members{"status": openapi.Text})
	alive, ready := openapi.OK(state), openapi.OK(state)
	alive.Probe, ready.Probe = true, true
	ready.Answers[http.StatusServiceUnavailable] = openapi.Object(openapi.Members{"status": openapi.Text, "detail": openapi.Text}, "status")
	s.serve("GET /healthz", alive, s.healthz)
	s.serve("GET /readyz", ready, s.readyz)
}

// healthz answers as long as the process works; if it fails, the process should
// be restarted. It does not look at the database, for which a restart is no
// help.
func (s *api) healthz(w http.ResponseWriter, _ *http.Request) error {
	return wire.Write(w, http.StatusOK, map[string]any{"status": "ok"})
}

// patience is how long the database may take to answer a probe: less than the
// client that asks will wait, in most cases.
const patience = 4 * time.Second

// readyz says whether to send requests here: the database answers, can be
// written and is of this version, and nobody has asked this process to stop.
func (s *api) readyz(w http.ResponseWriter, r *http.Request) error {
	if s.stopping() {
		return wire.Write(w, http.StatusServiceUnavailable, map[string]any{"status": "stopping"})
	}
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	if _, err := s.store.List(ctx, entity.ControlPlane, "", store.Query{Size: 1}); err != nil {
		s.metrics.failed(err)
		s.log.ErrorContext(r.Context(), "not ready", "request_id", access.TraceOf(r).ID, "cause", err)
		return wire.Write(w, http.StatusServiceUnavailable, unready(err))
	}
	return wire.Write(w, http.StatusOK, map[string]any{"status": "ok"})
}

// unready says what a person can do something about. The cause, with addresses,
// is in the log.
func unready(err error) map[string]any {
	for status, known := range map[string]error{"unavailable": store.ErrUnreachable, "outdated": store.ErrNewer} {
		if errors.Is(err, known) {
			return map[string]any{"status": status, "detail": known.Error()}
		}
	}
	return map[string]any{"status": "unavailable"}
}

func (s *api) stopping() bool {
	select {
	case <-s.stop: // nil, where nobody can ask it to stop, is never ready
		return true
	default:
		return false
	}
}
