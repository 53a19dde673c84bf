package session

import (
	"context"
	"encoding/json"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/dataplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
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
	return s.nodes.ask(id, func() dataplane.Versions {
		path, err := client.Ref{Type: entity.ControlPlane, Key: id}.Path()
		var list map[string]any
		if err != nil || s.API.Do(ctx, "GET", path+"/nodes", nil, &list) != nil {
			return dataplane.Versions{}
		}
		nodes, _ := list["items"].([]any)
		return versionsOf(nodes)
	})
}

// gone is the time, in seconds, after which a silent node does not count any
// more while others are heard.
const gone = 24 * 60 * 60

// versionsOf are those of nodes as the control plane lists them.
func versionsOf(nodes []any) (out dataplane.Versions) {
	var latest int64
	for _, n := range nodes {
		latest = max(latest, lastPing(n))
	}
	for _, n := range nodes {
		node, _ := n.(map[string]any)
		if v := dataplane.ParsePatch(jsonvalue.Text(node["version"])); !v.IsZero() && lastPing(n) >= latest-gone {
			out.Add(v)
		}
	}
	return out
}

// lastPing is when a node was last heard, in seconds; 0 if it does not say.
func lastPing(node any) int64 {
	n, _ := node.(map[string]any)
	ping, _ := n["last_ping"].(json.Number)
	seconds, _ := ping.Int64()
	return seconds
}
