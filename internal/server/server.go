// Package server is the control plane's HTTP API, built from the entity table:
// every regular entity is served by one handler ([collection]), and what is
// irregular has a file of its own (control planes, memberships, plugin
// schemas, schema endpoints).
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
	"crypto/sha256"
	"log/slog"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// Options is what a server is made of.
type Options struct {
	Store   *store.Store
	Bundled *plugins.Set
	// Tokens are the bearer tokens that are let in. Without any, the API is
	// open: whoever constructs the handler decides whether that may be.
	Tokens []string
	// Logger receives the access log and the causes of failures; nil discards.
	Logger *slog.Logger
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// api is the state of a server: what its endpoints share.
type api struct {
	store   *store.Store
	bundled *plugins.Set
	custom  *customPlugins
	// partials are the kinds of partials, by name.
	partials map[string]func() (*partialKind, error)
	tokens   [][sha256.Size]byte
	log      *slog.Logger
	now      func() time.Time
	mux      *http.ServeMux
}

// New returns the API as a handler.
func New(o Options) http.Handler {
	s := &api{
		store:    o.Store,
		bundled:  o.Bundled,
		custom:   newCustomPlugins(),
		partials: newPartialKinds(o.Bundled),
		log:      o.Logger,
		now:      o.Now,
		mux:      http.NewServeMux(),
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	for _, t := range o.Tokens {
		s.tokens = append(s.tokens, sha256.Sum256([]byte(t)))
	}
	s.routes()
	return s.observed(s.authenticated(http.HandlerFunc(s.dispatch)))
}

// routes registers every endpoint.
func (s *api) routes() {
	s.controlPlaneRoutes()
	for _, t := range entity.Types() {
		if t.Family == entity.Core && t.Parent == entity.ControlPlane {
			s.collectionRoutes(s.collection(t))
		}
	}
	s.membershipRoutes()
	s.pluginSchemaRoutes()
	s.schemaRoutes()
	s.partialRoutes()
	s.dataPlaneRoutes()
	s.configStoreRoutes()
	s.groupRoutes()
	s.realmRoutes()
	s.handle("GET /healthz", s.health)
}

// endpoint answers a request or says why not.
type endpoint func(w http.ResponseWriter, r *http.Request) error

func (s *api) handle(pattern string, e endpoint) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		if err := e(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

// dispatch leaves well-formed paths to the endpoints and answers the rest
// itself, since ServeMux would redirect or answer in plain text.
func (s *api) dispatch(w http.ResponseWriter, r *http.Request) {
	escaped := r.URL.EscapedPath()
	if path.Clean("/"+escaped) != escaped || hasNUL(r.URL.Path) {
		s.fail(w, r, errNoEndpoint)
		return
	}
	if _, pattern := s.mux.Handler(r); pattern != "" {
		s.mux.ServeHTTP(w, r)
		return
	}
	if allowed := s.methods(r); allowed != "" {
		w.Header().Set("Allow", allowed)
		s.fail(w, r, errMethod)
		return
	}
	s.fail(w, r, errNoEndpoint)
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

// familyOf says in which dialect errors of a path are told. The list of plugin
// schemas fails as the platform does.
func familyOf(r *http.Request) entity.Family {
	p := r.URL.Path
	switch {
	case strings.HasSuffix(p, "/core-entities/plugin-schemas") && r.Method == http.MethodGet:
		return entity.Platform
	case strings.Contains(p, "/core-entities/plugin-schemas"), strings.Contains(p, "/dp-client-certificates"):
		return entity.Legacy
	case strings.Contains(p, "/core-entities"):
		return entity.Core
	}
	return entity.Platform
}

// health answers whether the database does.
func (s *api) health(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.store.List(r.Context(), entity.ControlPlane, "", store.Query{Size: 1}); err != nil {
		s.log.ErrorContext(r.Context(), "health", "cause", err)
		return write(w, http.StatusServiceUnavailable, map[string]any{"status": "unavailable"})
	}
	return write(w, http.StatusOK, map[string]any{"status": "ok"})
}

// controlPlane returns the control plane that a path below it names.
func (s *api) controlPlane(r *http.Request) (map[string]any, error) {
	id := r.PathValue("controlPlaneId")
	if !isUUID(id) {
		return nil, errControlPlaneID
	}
	return s.store.Get(r.Context(), entity.ControlPlane, "", id)
}

// scopeToRead returns the id of the control plane that a path names.
func (s *api) scopeToRead(r *http.Request) (string, error) {
	doc, err := s.controlPlane(r)
	if err != nil {
		return "", err
	}
	return text(doc["id"]), nil
}

// scopeToWrite is scopeToRead for changes, which control planes that take
// their configuration from elsewhere refuse.
func (s *api) scopeToWrite(r *http.Request) (string, error) {
	doc, err := s.controlPlane(r)
	if err != nil {
		return "", err
	}
	switch doc["cluster_type"] {
	case "CLUSTER_TYPE_CONTROL_PLANE_GROUP":
		return "", usageError("operation not permitted on control plane group")
	case "CLUSTER_TYPE_K8S_INGRESS_CONTROLLER":
		return "", usageError("operation not permitted on KIC cluster")
	}
	return text(doc["id"]), nil
}

// auto supplies timestamps by the server's clock.
func (s *api) auto() schema.Auto { return schema.Auto{Now: s.now} }

// completed is a request body made whole and judged.
func (s *api) completed(ctx context.Context, sc *schema.Schema, body map[string]any) (map[string]any, error) {
	doc, errs := sc.Check(ctx, body, schema.Insert, s.auto())
	if errs != nil {
		return nil, invalid(errs)
	}
	return doc, nil
}

func text(v any) string {
	s, _ := v.(string)
	return s
}
