package plugins

import (
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/dataplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// DefaultsAt returns the defaults that a version of the gateway has and the
// schema has not, nested like the document. Defaults of Konnect's control planes
// that never were the gateway's stay, and so does what has no default on one side.
func (i *Info) DefaultsAt(v dataplane.Version) map[string]any {
	out := map[string]any{}
	for place, h := range i.History {
		if _, konnects := i.GatewayDefaults[place]; konnects || isWithin(place) || v.Precedes(h.Since) {
			continue
		}
		var next dataplane.Version
		var def any
		for _, c := range h.DefaultChanges {
			since, err := dataplane.ParseVersion(c.Since)
			if err == nil && v.Before(since) && (next.IsZero() || since.Before(next)) {
				next, def = since, c.From
			}
		}
		if def != nil && lastDefault(h) != nil {
			schema.Dotted(place).Set(out, def)
		}
	}
	return out
}

// lastDefault is what the last change of a default led to.
func lastDefault(h History) any { return h.DefaultChanges[len(h.DefaultChanges)-1].To }

// FormerDefaults returns the defaults that fields once had, or have elsewhere, by
// place.
func (i *Info) FormerDefaults() map[string][]any {
	out := map[string][]any{}
	for place, v := range i.GatewayDefaults {
		out[place] = append(out[place], v)
	}
	for place, h := range i.History {
		for _, c := range h.DefaultChanges {
			out[place] = append(out[place], c.From, c.To)
		}
	}
	return out
}

// isWithin reports whether a place is in an element of a list or map, or in a
// record of one kind.
func isWithin(place string) bool { return strings.ContainsAny(place, "[{(") }
