// Package access says who may do what. A [Gate] lets requests in that have a
// known token, at a rate that is allowed, and notes in the [Trace] of a request
// what its token grants; a [Need] is what an endpoint asks of that. [Tokens] are
// those that a database keeps.
//
// The package knows patterns of endpoints, not what these do, and leaves it to
// others to answer those whom it refuses.
package access

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// grant is what a request may do: what its token says.
type grant struct {
	token    string // its name, for the log; "" where none was needed
	readOnly bool
	limited  bool     // to planes
	planes   []string // ids of control planes
}

// reaches says whether a control plane is within a grant.
func (g *grant) reaches(id string) bool {
	return !g.limited || slices.Contains(g.planes, strings.ToLower(id))
}

// Need is what an endpoint asks of a grant. It is read off the endpoint's
// pattern, not off the path of a request, so that no way of writing a path
// leads past it.
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

// forLimited are the endpoints that belong to no control plane and that
// tokens limited to some may use all the same.
var forLimited = []string{"GET /v2/control-planes", "GET /openapi.json"}

// NeedOf reads off a pattern of [net/http.ServeMux] what its endpoint needs.
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

// Permit says why a request may not do what it asks for, or nil. Whether there
// is a control plane out of reach is not told.
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

// WithinReach narrows a list of control planes, or of what names one in the
// field, to what a request may see.
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

// Reachable refuses to name control planes that a request may not change.
func Reachable(r *http.Request, ids []string) error {
	for _, id := range ids {
		if g := TraceOf(r).grant; g != nil && !g.reaches(id) {
			return fault.Forbidden("the token is not for the control plane " + id)
		}
	}
	return nil
}
