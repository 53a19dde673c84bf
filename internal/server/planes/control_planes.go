// Package planes serves control planes, their config stores, groups of them,
// and what data planes need (nodes, the hash of the configuration).
//
// The package does not know what is in the configuration of a gateway; it
// compares and hashes documents.
package planes

import (
	"context"
	"net/http"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/access"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/dao"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/openapi"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/platform"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// Planes is what the endpoints share.
type Planes struct{ *dao.DAO }

// New returns the endpoints for control planes.
func New(d *dao.DAO) *Planes { return &Planes{d} }

// Routes registers the endpoints.
func (s *Planes) Routes(serve openapi.Register) {
	planes := s.controlPlanes()
	stores := s.configStores(planes)
	for _, c := range []*platform.Collection{planes, stores, s.secrets(stores)} {
		c.Routes(serve)
	}
	s.runtimeGroupRoutes(serve)
	s.groupRoutes(serve)
	s.nodeRoutes(serve)
}

// controlPlanes are stored in the form of requests; answers show the settings
// below config. Deleting one deletes everything in it.
func (s *Planes) controlPlanes() *platform.Collection {
	return &platform.Collection{
		DAO: s.DAO, Type: entity.ControlPlane, ID: "controlPlaneId", Patch: true,
		Filters: map[string][]string{
			"id":            {"eq", "oeq"},
			"name":          {"eq", "neq", "contains"},
			"cluster_type":  platform.ChoiceOperators,
			"cloud_gateway": {"eq"},
			"labels":        nil,
		},
		Present: func(_ context.Context, _ store.Reader, doc map[string]any) (map[string]any, error) {
			return presentControlPlane(doc), nil
		},
		Narrow: func(r *http.Request, q store.Query) store.Query { return access.WithinReach(r, "id", q) },
		InUse:  "the control plane group has members, remove them first",
	}
}

// presentControlPlane shapes a stored control plane as answers show it.
func presentControlPlane(doc map[string]any) map[string]any {
	out := wire.Compact(doc)
	host := strings.ReplaceAll(jsonvalue.Text(doc["id"]), "-", "")[:10]
	out["config"] = map[string]any{
		"control_plane_endpoint": "https://" + host + ".cp.konghq.com",
		"telemetry_endpoint":     "https://" + host + ".tp0.konghq.com",
	}
	for field, path := range entity.ControlPlane.ReplyPaths {
		schema.Dotted(path).Set(out, out[field])
		delete(out, field)
	}
	return out
}
