package provider

import (
	"context"
	"encoding/json"
	"strings"
	"sync"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
)

// nodeBook knows the oldest version among the data planes of each control
// plane, asked for once.
type nodeBook struct {
	mu    sync.Mutex
	asked map[string]func() plugins.Version
}

// oldest returns the oldest version among the data plane nodes that are
// connected to a control plane; zero when there are none or it does not say.
func (s *session) oldest(ctx context.Context, controlPlane string) plugins.Version {
	s.nodes.mu.Lock()
	ask := s.nodes.asked[controlPlane]
	if ask == nil {
		ask = sync.OnceValue(func() plugins.Version {
			path, err := client.Ref{Type: entity.ControlPlane, Key: controlPlane}.Path()
			var list struct{ Items []node }
			if err != nil || s.api.Do(ctx, "GET", path+"/nodes", nil, &list) != nil {
				return plugins.Version{}
			}
			return oldestOf(list.Items)
		})
		if s.nodes.asked == nil {
			s.nodes.asked = map[string]func() plugins.Version{}
		}
		s.nodes.asked[controlPlane] = ask
	}
	s.nodes.mu.Unlock()
	return ask()
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

// behind judges what the connected data planes are too old for, where the user
// does not say what the oldest ones are.
func (r *resource) behind(ctx context.Context, s *session, in subject, doc, filled map[string]any) []plugins.Finding {
	id, known := in.get("control_plane_id").(string)
	name, named := doc["name"].(string)
	if r.typ != entity.Plugin || !known || !named || s.api == nil || !s.minimum.IsZero() {
		return nil
	}
	p, ok := s.bundled.Lookup(name)
	if !ok {
		return nil
	}
	oldest := s.oldest(ctx, id)
	if oldest.IsZero() {
		return nil
	}
	return plugins.JudgeVersions(plugins.Case{Plugin: p, Name: name, Written: doc, Completed: filled, Minimum: oldest})
}
