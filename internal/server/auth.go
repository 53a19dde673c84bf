package server

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// Guard says whether requests need a token.
type Guard uint8

const (
	// Unguarded is open to whoever can call the handler.
	Unguarded Guard = iota
	// GuardedByFirst is open until the database keeps a token, and from then
	// on, at most a second later, as good as Guarded. Deleting the last token
	// does not open it again.
	GuardedByFirst
	// Guarded needs a token with every request.
	Guarded
)

// authenticated lets requests with a known bearer token pass, and says to what
// comes next what they may do. Probes are open to all.
func (s *api) authenticated(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isProbe(r) {
			next.ServeHTTP(w, r)
			return
		}
		if err := s.admit(r); err != nil {
			s.turnAway(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (s *api) turnAway(w http.ResponseWriter, r *http.Request, err error) {
	if limit := (*limitError)(nil); errors.As(err, &limit) {
		if err := tooMany(w, limit.wait); err == nil {
			return
		}
	}
	if errors.Is(err, fault.ErrUnauthorized) {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	s.fail(w, r, err)
}

// admit settles what a request may do. Whoever sends wrong tokens too fast is
// refused before the next is looked at, or guessing would be as fast as ever.
func (s *api) admit(r *http.Request) error {
	address := remoteAddress(r)
	open, err := s.open(r.Context())
	if err != nil {
		return err
	}
	if open {
		traceOf(r).grant = &grant{}
		return s.requests.take("address "+address, s.now())
	}
	if err := s.failures.check(address, s.now()); err != nil {
		return err
	}
	g, err := s.identify(r.Context(), bearer(r))
	if errors.Is(err, fault.ErrUnauthorized) {
		_ = s.failures.take(address, s.now()) // the next one hears of it
	}
	if err != nil {
		return err
	}
	traceOf(r).grant = g
	return s.requests.take("token "+g.token, s.now())
}

// open says whether requests need no token.
func (s *api) open(ctx context.Context) (bool, error) {
	if s.guard != GuardedByFirst {
		return s.guard == Unguarded, nil
	}
	now := s.now()
	if s.first.found.Load() || now.Sub(time.Unix(0, s.first.looked.Load())) < time.Second {
		return !s.first.found.Load(), nil
	}
	page, err := s.store.List(ctx, entity.Token, "", store.Query{Size: 1})
	if err != nil {
		return false, err
	}
	if len(page.Docs) > 0 {
		s.first.found.Store(true)
		return false, nil
	}
	s.first.looked.Store(now.UnixNano())
	return true, nil
}

// firstToken remembers of [GuardedByFirst] what was seen.
type firstToken struct {
	found  atomic.Bool
	looked atomic.Int64 // nanoseconds since 1970
}

func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// configured is what logs call the tokens that were not made with a name. No
// name can be like it.
const configured = "(configured)"

// identify returns what a token allows.
func (s *api) identify(ctx context.Context, token string) (*grant, error) {
	if token == "" {
		return nil, fault.ErrUnauthorized
	}
	if s.knows(token) {
		return &grant{token: configured}, nil
	}
	if !strings.HasPrefix(token, tokenPrefix) {
		return nil, fault.ErrUnauthorized
	}
	// The index may well tell, by its time, how much of a digest is right. No
	// one can choose digests, so that is of no use.
	doc, err := s.store.Get(ctx, entity.Token, "", digest(token))
	if errors.Is(err, store.ErrNotFound) {
		return nil, fault.ErrUnauthorized
	}
	if err != nil {
		return nil, err
	}
	t, err := tokenOf(doc)
	if err != nil {
		return nil, err
	}
	if t.Expired(s.now()) {
		return nil, fault.ErrUnauthorized
	}
	return &grant{token: t.Name, readOnly: t.ReadOnly, limited: t.ControlPlanes != nil, planes: t.ControlPlanes}, nil
}

// knows compares with every configured token in a time that does not tell
// which one was close, nor how close.
func (s *api) knows(token string) bool {
	sum := sha256.Sum256([]byte(token))
	found := 0
	for i := range s.tokens {
		found |= subtle.ConstantTimeCompare(sum[:], s.tokens[i][:])
	}
	return found == 1
}
