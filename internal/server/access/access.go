// Package access says who may do what. A [Gate] admits requests with a known
// token, within a rate, and notes in the [Trace] of a request what its token
// grants; a [Need] is what an endpoint needs of that. [Tokens] are the tokens
// that a database keeps.
//
// The package knows patterns of endpoints, not what these do, and leaves the
// answers to refused requests to others.
package access

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// grant is what the token of a request allows.
type grant struct {
	token    string // its name, for the log; "" if none was needed
	readOnly bool
	limited  bool     // to planes
	planes   []string // ids of control planes
}

// reaches reports whether a grant includes a control plane.
func (g *grant) reaches(id string) bool {
	return !g.limited || slices.Contains(g.planes, strings.ToLower(id))
}

// Need is what an endpoint needs of a grant. It comes from the endpoint's
// pattern, not from the path of a request, so that no spelling of a path gets
// around it.
type Need struct {
	write bool
	reach reach
}

type reach uint8

const (
	everywhere reach = iota // what belongs to no control plane
	onePlane                // the control plane in the path
	ownPlanes               // the endpoint shows what is within the grant
)

// forLimited are the endpoints outside of control planes that are open to
// tokens limited to some control planes.
var forLimited = []string{"GET /v2/control-planes", "GET /konnect-api/api/runtime_groups", "GET /openapi.json"}

// NeedOf returns the need of an endpoint, from its pattern of
// [net/http.ServeMux].
func NeedOf(pattern string) Need {
	var n Need
	method, path, _ := strings.Cut(pattern, " ")
	judges := strings.Contains(path, "/schemas/") && strings.HasSuffix(path, "/validate")
	n.write = method != http.MethodGet && !judges
	switch {
	case slices.Contains(forLimited, pattern):
		n.reach = ownPlanes
	case strings.Contains(path, "/{controlPlaneId}"):
		n.reach = onePlane
	}
	return n
}

// Permit says why a request is not allowed, or returns nil. It does not tell
// whether a control plane out of reach exists.
func (n Need) Permit(r *http.Request) error {
	g := TraceOf(r).grant
	switch {
	case g == nil:
		return fault.ErrUnauthorized
	case n.write && g.readOnly:
		return fault.Forbidden("the token may only read")
	case n.reach == onePlane && !g.reaches(r.PathValue("controlPlaneId")):
		return fault.Forbidden("the token is not for this control plane")
	case n.reach == everywhere && g.limited:
		return fault.Forbidden("the token is for single control planes only")
	}
	return nil
}

// WithinReach limits a list to the control planes that a request may see; the
// field names the control plane of each item.
func WithinReach(r *http.Request, field string, q store.Query) store.Query {
	g := TraceOf(r).grant
	if g == nil || !g.limited {
		return q
	}
	planes := g.planes
	if asked, ok := q.In[field]; ok {
		planes = slices.DeleteFunc(slices.Clone(asked), func(id string) bool { return !g.reaches(id) })
	}
	in := maps.Clone(q.In)
	if in == nil {
		in = map[string][]string{}
	}
	in[field] = planes
	q.In = in
	return q
}

// Reachable refuses a request that names control planes which it may not
// change.
func Reachable(r *http.Request, ids []string) error {
	for _, id := range ids {
		if g := TraceOf(r).grant; g != nil && !g.reaches(id) {
			return fault.Forbidden("the token is not for the control plane " + id)
		}
	}
	return nil
}
