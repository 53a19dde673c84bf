package access

import (
	"cmp"
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
	// Unguarded is open to everybody who can call the handler.
	Unguarded Guard = iota
	// GuardedByFirst is open until the database has a token. At most a second
	// later it is like Guarded. Deleting the last token does not open it again.
	GuardedByFirst
	// Guarded needs a token with every request.
	Guarded
)

// Gate lets requests in.
type Gate struct {
	Options
	first    firstToken
	digests  [][sha256.Size]byte // of the tokens that are given
	requests *limiter            // of those who are let in
	failures *limiter            // of those who are not
}

// Options configure a gate.
type Options struct {
	Store *store.Store
	// Guard says whether requests need a token: one of Tokens, which allow
	// everything and imply Guarded, or one in the store ([Tokens]).
	Guard  Guard
	Tokens []string
	// Rate is for each token, or for each address where none is needed.
	Rate Rate
	Now  func() time.Time
}

// New makes a gate.
func New(o Options) *Gate {
	g := &Gate{Options: o, requests: newLimiter(o.Rate), failures: newLimiter(guesses)}
	for _, t := range o.Tokens {
		g.Guard = Guarded
		g.digests = append(g.digests, sha256.Sum256([]byte(t)))
	}
	return g
}

// Admit admits a request with a known bearer token, and notes in its trace what
// the token allows. It refuses clients that send wrong tokens too fast, but
// still admits right tokens from their address, which many clients may share.
func (g *Gate) Admit(r *http.Request) error {
	open, err := g.open(r.Context())
	if err != nil {
		return err
	}
	if open {
		t := TraceOf(r)
		t.grant = everything
		if !g.requests.limits() {
			return nil
		}
		return g.requests.take("address "+network(t.Remote), g.Now())
	}
	allowed, err := g.identify(r.Context(), bearer(r))
	if errors.Is(err, fault.ErrUnauthorized) {
		return cmp.Or(g.failures.take(network(TraceOf(r).Remote), g.Now()), err)
	}
	if err != nil {
		return err
	}
	TraceOf(r).grant = allowed
	if !g.requests.limits() {
		return nil
	}
	return g.requests.take("token "+allowed.token, g.Now())
}

// open says whether requests need no token.
func (g *Gate) open(ctx context.Context) (bool, error) {
	if g.Guard != GuardedByFirst {
		return g.Guard == Unguarded, nil
	}
	now := g.Now()
	if g.first.found.Load() || now.Sub(time.Unix(0, g.first.looked.Load())) < time.Second {
		return !g.first.found.Load(), nil
	}
	page, err := g.Store.List(ctx, entity.Token, "", store.Query{Size: 1})
	if err != nil {
		return false, err
	}
	if len(page.Docs) > 0 {
		g.first.found.Store(true)
		return false, nil
	}
	g.first.looked.Store(now.UnixNano())
	return true, nil
}

// firstToken remembers what [GuardedByFirst] has seen.
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

// configured is the name in logs of tokens from the options. No other token can
// have this name.
const configured = "(configured)"

// Grants that many requests have.
var (
	everything      = &grant{} // without a token
	byConfiguration = &grant{token: configured}
)

// identify returns what a token allows.
func (g *Gate) identify(ctx context.Context, token string) (*grant, error) {
	if token == "" {
		return nil, fault.ErrUnauthorized
	}
	if g.knows(token) {
		return byConfiguration, nil
	}
	if !strings.HasPrefix(token, tokenPrefix) {
		return nil, fault.ErrUnauthorized
	}
	// The time of the index lookup may tell how much of a digest is right. That
	// is of no use, since nobody can choose digests.
	doc, err := g.Store.Get(ctx, entity.Token, "", digest(token))
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
	if t.Expired(g.Now()) {
		return nil, fault.ErrUnauthorized
	}
	return &grant{token: t.Name, readOnly: t.ReadOnly, limited: t.ControlPlanes != nil, planes: t.ControlPlanes}, nil
}

// knows compares a token with every configured one. The time that this takes
// does not tell which one was close, nor how close.
func (g *Gate) knows(token string) bool {
	sum := sha256.Sum256([]byte(token))
	found := 0
	for i := range g.digests {
		found |= subtle.ConstantTimeCompare(sum[:], g.digests[i][:])
	}
	return found == 1
}
