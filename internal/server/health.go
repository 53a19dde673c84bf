package server

import (
	"net/http"
	"slices"

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
	ready.Answers[http.StatusServiceUnavailable] = state
	s.serve("GET /healthz", alive, s.healthz)
	s.serve("GET /readyz", ready, s.readyz)
}

// healthz answers as long as the process works; if it fails, the process should
// be restarted. It does not look at the database, for which a restart is no
// help.
func (s *api) healthz(w http.ResponseWriter, _ *http.Request) error {
	return wire.Write(w, http.StatusOK, map[string]any{"status": "ok"})
}

// readyz says whether to send requests here: the database answers, and nobody
// has asked this process to stop. The tables are checked before it listens.
func (s *api) readyz(w http.ResponseWriter, r *http.Request) error {
	if s.stopping() {
		return wire.Write(w, http.StatusServiceUnavailable, map[string]any{"status": "stopping"})
	}
	if _, err := s.store.List(r.Context(), entity.ControlPlane, "", store.Query{Size: 1}); err != nil {
		s.metrics.failed(err)
		s.log.ErrorContext(r.Context(), "not ready", "request_id", access.TraceOf(r).ID, "cause", err)
		return wire.Write(w, http.StatusServiceUnavailable, map[string]any{"status": "unavailable"})
	}
	return wire.Write(w, http.StatusOK, map[string]any{"status": "ok"})
}

func (s *api) stopping() bool {
	select {
	case <-s.stop: // nil, where nobody can ask it to stop, is never ready
		return true
	default:
		return false
	}
}
