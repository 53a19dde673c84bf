// Package server is the control plane's HTTP API, built from the entity table:
// every regular entity is served by one handler, [collection] for core entities
// and [platform] for the rest (platform_table.go lists them), and what is
// irregular has a file of its own (memberships, plugin schemas, service links,
// schema endpoints).
//
// An endpoint is registered together with what is said of it ([about]), from
// which /openapi.json is made.
//
// [New] returns an http.Handler that needs no listener: a provider serves it
// in its own process, the serve command puts it on a port. It validates
// whatever it is sent and trusts no client; a 5xx means that the database
// failed.
//
// Konnect speaks in dialects ([entity.Family]) that differ in errors, pages
// and times. Handlers return errors and know nothing of that; errors.go gives
// each error its status, and the writer of the family (core_errors.go,
// problem.go) its body.
//
// The package knows nothing of Terraform, of clients or of who constructs it.
package server

import (
	"context"
	"log/slog"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/access"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/openapi"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// Options is what a server is made of.
type Options struct {
	Store   *store.Store
	Bundled *plugins.Set
	// Guard says whether requests need a token: one of Tokens, which may do
	// everything and imply Guarded, or one that the store keeps ([Tokens]).
	// Whoever constructs the handler decides whether it may be open.
	Guard  access.Guard
	Tokens []string
	// RateLimit is for each token, or for each address where none is needed.
	RateLimit access.Rate
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
}

// api is the state of a server: what its endpoints share.
type api struct {
	store   *store.Store
	types   entity.Table // what the store holds
	bundled *plugins.Set
	custom  *customPlugins
	planes  *planes
	// partials are the kinds of partials, by name.
	partials    map[string]func() (*partialKind, error)
	limits      map[*entity.Type]int
	log         *slog.Logger
	metrics     *metrics
	stop        <-chan struct{}
	gate        *access.Gate
	now         func() time.Time
	mux         *http.ServeMux
	description openapi.Description
}

// New returns the API as a handler.
func New(o Options) http.Handler {
	s := &api{
		store:    o.Store,
		types:    o.Store.Types(),
		bundled:  o.Bundled,
		custom:   newCustomPlugins(),
		planes:   newPlanes(),
		partials: newPartialKinds(o.Bundled),
		limits:   o.Limits,
		log:      o.Logger,
		metrics:  newMetrics(o.Metrics),
		stop:     o.Stopping,
		now:      o.Now,
		mux:      http.NewServeMux(),
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	s.gate = access.New(access.Options{Store: o.Store, Guard: o.Guard, Tokens: o.Tokens, Rate: o.RateLimit, Now: s.now})
	s.routes()
	return s.observed(wire.Bounded(o.MaxBody, s.admitted(http.HandlerFunc(s.dispatch))))
}

// routes registers every endpoint.
func (s *api) routes() {
	s.platformRoutes()
	for _, t := range s.types.Core() {
		s.collectionRoutes(s.collection(t))
	}
	s.membershipRoutes()
	s.pluginSchemaRoutes()
	s.schemaRoutes()
	s.partialRoutes()
	s.dataPlaneRoutes()
	s.groupRoutes()
	s.healthRoutes()
	s.serve("GET /openapi.json", openapi.OK(openapi.Anything), s.describe())
}

// admitted lets through what the gate lets in. Probes are open to all.
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

// serve registers an endpoint with its description: there is no way to have
// one without the other.
func (s *api) serve(pattern string, a openapi.About, e wire.Endpoint) {
	s.description.Add(pattern, a)
	if a.Probe {
		s.unguarded(pattern, e)
		return
	}
	s.handle(pattern, e)
}

// handle registers an endpoint, which is asked only what its caller may do.
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

// describe answers with the server's own description, which is made when it is
// first asked for.
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
	if path.Clean("/"+escaped) != escaped || wire.HasNUL(r.URL.Path) || !utf8.ValidString(r.URL.Path) {
		s.fail(w, r, fault.ErrNoEndpoint)
		return
	}
	if _, pattern := s.mux.Handler(r); pattern != "" {
		s.mux.ServeHTTP(w, r)
		return
	}
	if allowed := s.methods(r); allowed != "" {
		w.Header().Set("Allow", allowed)
		s.fail(w, r, fault.ErrMethod)
		return
	}
	s.fail(w, r, fault.ErrNoEndpoint)
}

// methods lists what else could be asked of a path.
func (s *api) methods(r *http.Request) string {
	var allowed []string
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		other := r.Clone(r.Context())
		other.Method = m
		if _, pattern := s.mux.Handler(other); pattern != "" {
			allowed = append(allowed, m)
		}
	}
	return strings.Join(allowed, ", ")
}

// controlPlane returns the control plane that a path below it names.
func (s *api) controlPlane(r *http.Request) (map[string]any, error) {
	id := r.PathValue("controlPlaneId")
	if !schema.IsUUID(id) {
		return nil, fault.BadPath("controlPlaneId", "must be a UUID")
	}
	return s.store.Get(r.Context(), entity.ControlPlane, "", id)
}

// scopeToRead returns the id of the control plane that a path names.
func (s *api) scopeToRead(r *http.Request) (string, error) {
	doc, err := s.controlPlane(r)
	if err != nil {
		return "", err
	}
	return jsonvalue.Text(doc["id"]), nil
}

// scopeToWrite is scopeToRead for changes, which control planes that take
// their configuration from elsewhere refuse.
func (s *api) scopeToWrite(r *http.Request) (string, error) {
	doc, err := s.controlPlane(r)
	if err != nil {
		return "", err
	}
	return jsonvalue.Text(doc["id"]), refusal(doc)
}

// refusal is why a control plane takes no changes, if it does not.
func refusal(plane map[string]any) error {
	switch plane["cluster_type"] {
	case "CLUSTER_TYPE_CONTROL_PLANE_GROUP":
		return fault.Usage("operation not permitted on control plane group")
	case "CLUSTER_TYPE_K8S_INGRESS_CONTROLLER":
		return fault.Usage("operation not permitted on KIC cluster")
	}
	return nil
}

// auto supplies timestamps by the server's clock.
func (s *api) auto() schema.Auto { return schema.Auto{Now: s.now} }

// completed is a request body made whole and judged.
func (s *api) completed(ctx context.Context, sc *schema.Schema, body map[string]any) (map[string]any, error) {
	doc, errs := sc.Check(ctx, body, schema.Insert, s.auto())
	if errs != nil {
		return nil, fault.Invalid(errs.Violations()...)
	}
	return doc, nil
}
