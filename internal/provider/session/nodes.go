package session

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
)

// Oldest returns the oldest version among the data plane nodes that are
// connected to a control plane; zero when there are none or it does not say.
func (s *Session) Oldest(ctx context.Context, controlPlane string) plugins.Version {
	return s.nodes.ask(controlPlane, func() plugins.Version {
		path, err := client.Ref{Type: entity.ControlPlane, Key: controlPlane}.Path()
		var list map[string]any
		if err != nil || s.API.Do(ctx, "GET", path+"/nodes", nil, &list) != nil {
			return plugins.Version{}
		}
		nodes, _ := list["items"].([]any)
		return oldestOf(nodes)
	})
}

// gone is the time, in seconds, after which a silent node does not count any
// more while others are heard.
const gone = 24 * 60 * 60

// oldestOf returns the oldest version among nodes as the control plane lists them.
func oldestOf(nodes []any) (oldest plugins.Version) {
	var latest int64
	for _, n := range nodes {
		latest = max(latest, lastPing(n))
	}
	for _, n := range nodes {
		node, _ := n.(map[string]any)
		parts := strings.SplitN(jsonvalue.Text(node["version"]), ".", 3)
		if len(parts) < 2 || lastPing(n) < latest-gone {
			continue
		}
		v, err := plugins.ParseVersion(parts[0] + "." + parts[1])
		if err == nil && (oldest.IsZero() || v.Before(oldest)) {
			oldest = v
		}
	}
	return oldest
}

// lastPing is when a node was last heard, in seconds; 0 if it does not say.
func lastPing(node any) int64 {
	n, _ := node.(map[string]any)
	ping, _ := n["last_ping"].(json.Number)
	seconds, _ := ping.Int64()
	return seconds
}
