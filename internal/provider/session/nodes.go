package session

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
)

// Oldest returns the oldest version among the data plane nodes that are
// connected to a control plane; zero when there are none or it does not say.
func (s *Session) Oldest(ctx context.Context, controlPlane string) plugins.Version {
	return s.nodes.ask(controlPlane, func() plugins.Version {
		path, err := client.Ref{Type: entity.ControlPlane, Key: controlPlane}.Path()
		var list struct{ Items []node }
		if err != nil || s.API.Do(ctx, "GET", path+"/nodes", nil, &list) != nil {
			return plugins.Version{}
		}
		return oldestOf(list.Items)
	})
}

// node is a data plane node as a control plane lists it.
type node struct {
	Version  string      `json:"version"`
	LastPing json.Number `json:"last_ping"`
}

// gone is the time, in seconds, after which a node that is silent while others
// are heard does not count any more.
const gone = 24 * 60 * 60

func oldestOf(nodes []node) (oldest plugins.Version) {
	var latest int64
	for _, n := range nodes {
		ping, _ := n.LastPing.Int64() // 0 for one that says nothing
		latest = max(latest, ping)
	}
	for _, n := range nodes {
		parts := strings.SplitN(n.Version, ".", 3)
		if ping, _ := n.LastPing.Int64(); len(parts) < 2 || ping < latest-gone {
			continue
		}
		v, err := plugins.ParseVersion(parts[0] + "." + parts[1])
		if err == nil && (oldest.IsZero() || v.Before(oldest)) {
			oldest = v
		}
	}
	return oldest
}
