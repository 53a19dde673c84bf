// Package server is the control plane's HTTP API as one handler. [New] connects
// the packages below it: gateway, planes and catalogue register their
// endpoints, access admits requests. This package has what concerns all of
// them: the order of middleware, the log, metrics, probes, and the answers to
// unknown paths.
//
// The handler needs no listener: a provider calls it in its own process, the
// serve command puts it on a port. It validates every request and trusts no
// client; a 5xx means that the database failed.
//
// Konnect speaks in dialects ([entity.Family]) that differ in errors, pages and
// times. Endpoints return errors and know nothing of that; fault renders them.
//
// The package knows nothing of Terraform, of clients or of who constructs it.
package server

import (
	"log/slog"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/access"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/catalogue"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/dao"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/gateway"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/openapi"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/planes"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// Options configure a server.
type Options struct {
	Store   *store.Store
	Bundled *plugins.Set
	// Guard says whether requests need a token: one of Tokens, which allow
	// everything and imply Guarded, or one in the store ([Tokens]). Whoever
	// constructs the handler decides whether it may be open.
	Guard  access.Guard
	Tokens []string
	// RateLimit is for each token, or for each address where none is needed.
	RateLimit access.Rate
	// Proxies are trusted to say where a request comes from; nil means none.
	Proxies *access.Proxies
	// MaxBody is the longest body that is read; 0 means 4 MiB.
	MaxBody int64
	// Limits are how many entities of a type a control plane takes, such as
	// those of [entity.Table.Limits]; nil means any number.
	Limits map[*entity.Type]int
	// Logger receives the access log and the causes of failures; nil discards.
	Logger *slog.Logger
	// Metrics is where metrics are registered; nil means nowhere.
	Metrics prometheus.Registerer
	// Stopping is closed when no more requests should be sent here.
	Stopping <-chan struct{}
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// NewID makes ids of what gets its own from the server; nil means random
	// ones.
	NewID func() string
}

// api is the state that the endpoints of a server share.
type api struct {
	store       *store.Store
	types       entity.Table // what the store holds
	log         *slog.Logger
	metrics     *metrics
	stop        <-chan struct{}
	gate        *access.Gate
	proxies     *access.Proxies
	now         func() time.Time
	mux         *http.ServeMux
	description openapi.Description
}

// New returns the API as a handler.
func New(o Options) http.Handler {
	s := &api{
		store:   o.Store,
		types:   o.Store.Types(),
		log:     o.Logger,
		metrics: newMetrics(o.Metrics),
		stop:    o.Stopping,
		proxies: o.Proxies,
		now:     o.Now,
		mux:     http.NewServeMux(),
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	s.gate = access.New(access.Options{Store: o.Store, Guard: o.Guard, Tokens: o.Tokens, Rate: o.RateLimit, Now: s.now})
	s.routes(dao.New(o.Store, o.Limits, s.now, o.NewID), o.Bundled)
	return s.observed(wire.Bounded(o.MaxBody, s.admitted(http.HandlerFunc(s.dispatch))))
}

// routes registers every endpoint.
func (s *api) routes(d *dao.DAO, bundled *plugins.Set) {
	gateway := gateway.New(d, bundled)
	gateway.Routes(s.serve)
	planes.New(d).Routes(s.serve)
	catalogue.New(d, gateway.CompletePlugin).Routes(s.serve)
	s.organizationRoutes()
	s.healthRoutes()
	s.mux.HandleFunc(elsewhere, s.unknown)
	s.serve("GET /openapi.json", openapi.OK(openapi.Anything), s.describe())
}

// admitted serves what the gate admits. Probes are open to all.
func (s *api) admitted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isProbe(r) {
			if err := s.gate.Admit(r); err != nil {
				s.fail(w, r, err)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// serve is an [openapi.Register].
func (s *api) serve(pattern string, a openapi.About, e wire.Endpoint) {
	s.description.Add(pattern, a)
	if a.Probe {
		s.unguarded(pattern, e)
		return
	}
	s.handle(pattern, e)
}

// handle registers an endpoint behind the check of what its caller may do.
func (s *api) handle(pattern string, e wire.Endpoint) {
	need := access.NeedOf(pattern)
	s.unguarded(pattern, func(w http.ResponseWriter, r *http.Request) error {
		if err := need.Permit(r); err != nil {
			return err
		}
		return e(w, r)
	})
}

// unguarded registers an endpoint that everyone may ask.
func (s *api) unguarded(pattern string, e wire.Endpoint) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		access.TraceOf(r).Pattern = pattern
		if err := e(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

// describe answers with the server's own description, which it makes at the
// first request.
func (s *api) describe() wire.Endpoint {
	document := sync.OnceValue(s.description.Document)
	return func(w http.ResponseWriter, _ *http.Request) error {
		return wire.Write(w, http.StatusOK, document())
	}
}

// dispatch leaves well-formed paths to the endpoints and answers the rest
// itself, since ServeMux would redirect or answer in plain text.
func (s *api) dispatch(w http.ResponseWriter, r *http.Request) {
	escaped := r.URL.EscapedPath()
	if !strings.HasPrefix(escaped, "/") || path.Clean(escaped) != escaped || wire.HasNUL(r.URL.Path) || !utf8.ValidString(r.URL.Path) {
		s.fail(w, r, fault.ErrNoEndpoint)
		return
	}
	s.mux.ServeHTTP(w, r)
}

// elsewhere is the pattern of all that no endpoint has.
const elsewhere = "/"

// unknown answers where there is no endpoint, or none for this method.
func (s *api) unknown(w http.ResponseWriter, r *http.Request) {
	if allowed := s.methods(r); allowed != "" {
		w.Header().Set("Allow", allowed)
		s.fail(w, r, fault.ErrMethod)
		return
	}
	s.fail(w, r, fault.ErrNoEndpoint)
}

// methods lists the methods that a path accepts.
func (s *api) methods(r *http.Request) string {
	var allowed []string
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		other := r.Clone(r.Context())
		other.Method = m
		if _, pattern := s.mux.Handler(other); pattern != elsewhere {
			allowed = append(allowed, m)
		}
	}
	return strings.Join(allowed, ", ")
}
