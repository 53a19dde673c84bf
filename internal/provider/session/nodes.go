package session

import (
	"context"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/dataplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/nodes"
)

// DataPlanes returns the versions of a control plane's data planes: those of the
// nodes that are connected to it. The oldest is what the user says it is, if the
// user does; nodes are then asked for only where a newer one may matter. Zero is
// what nobody says.
func (s *Session) DataPlanes(ctx context.Context, controlPlane any) dataplane.Versions {
	if !s.Minimum.IsZero() && !s.Minimum.Before(dataplane.VerifiedSince) {
		return dataplane.Versions{Oldest: s.Minimum, Newest: s.Minimum}
	}
	out := s.connected(ctx, controlPlane)
	if !s.Minimum.IsZero() {
		out.Add(s.Minimum)
		out.Oldest = s.Minimum
	}
	return out
}

func (s *Session) connected(ctx context.Context, controlPlane any) dataplane.Versions {
	id, known := controlPlane.(string)
	if !known || s.API == nil {
		return dataplane.Versions{}
	}
	return s.running.ask(id, func() dataplane.Versions {
		list, err := nodes.List(ctx, s.API, id)
		if err != nil {
			return dataplane.Versions{} // nobody says
		}
		return versionsOf(list)
	})
}

// gone is the time after which a silent node does not count any more while
// others are heard.
const gone = 24 * time.Hour

// versionsOf are those of nodes as the control plane lists them.
func versionsOf(list []nodes.Node) (out dataplane.Versions) {
	var latest time.Time
	for _, n := range list {
		if n.LastPing.After(latest) {
			latest = n.LastPing
		}
	}
	for _, n := range list {
		if v := dataplane.ParsePatch(n.Version); !v.IsZero() && latest.Sub(n.LastPing) <= gone {
			out.Add(v)
		}
	}
	return out
}
