package server

import (
	"context"
	"net/http"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/access"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// controlPlanes are stored as requests have them: answers nest the settings
// below config. Deleting one removes everything that is in it too.
func (s *api) controlPlanes() *platform {
	return &platform{
		api: s, typ: entity.ControlPlane, id: "controlPlaneId", patch: true,
		filters: map[string][]string{
			"id":            {"eq", "oeq"},
			"name":          {"eq", "neq", "contains"},
			"cluster_type":  choiceOperators,
			"cloud_gateway": {"eq"},
			"labels":        nil,
		},
		present: func(_ context.Context, _ store.Reader, doc map[string]any) (map[string]any, error) {
			return presentControlPlane(doc), nil
		},
		narrow: func(r *http.Request, q store.Query) store.Query { return access.WithinReach(r, "id", q) },
		inUse:  "the control plane group has members, remove them first",
	}
}

// presentControlPlane shapes a stored control plane as answers show it.
func presentControlPlane(doc map[string]any) map[string]any {
	out := wire.Compact(doc)
	host := strings.ReplaceAll(jsonvalue.Text(doc["id"]), "-", "")[:10]
	config := map[string]any{
		"control_plane_endpoint": "https://" + host + ".cp.konghq.com",
		"telemetry_endpoint":     "https://" + host + ".tp0.konghq.com",
	}
	for field, path := range entity.ControlPlane.ReplyPaths {
		config[strings.TrimPrefix(path, "config.")] = out[field]
		delete(out, field)
	}
	out["config"] = config
	return out
}

// timestamp is the platform's form of now.
func (s *api) timestamp() string {
	return s.now().UTC().Format("2006-01-02T15:04:05.000Z")
}
