package planes

import (
	"net/http"

	"github.com/openkonnect/terraform-provider-konnect/internal/server/dao"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/openapi"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// nodeRoutes serves requests about data planes: their configuration, and the
// list of them. The list is empty: this control plane configures no gateway.
func (s *Planes) nodeRoutes(serve openapi.Register) {
	nodes := openapi.Whole(openapi.Members{"items": openapi.ListOf(openapi.AnyObject), "page": openapi.Whole(openapi.Members{"total_count": openapi.Integer})})
	serve("GET "+dao.InControlPlane+"nodes", openapi.OK(nodes), s.Reading(s.listNodes))
	serve("GET "+dao.InControlPlane+"nodes/{nodeId}", openapi.About{}, s.Reading(s.getNode))
	serve("DELETE "+dao.InControlPlane+"nodes/{nodeId}", openapi.Empty(), s.Reading(s.deleteNode))
	serve("GET "+dao.InControlPlane+"expected-config-hash", openapi.OK(openapi.Object(openapi.Members{
		"expected_hash": openapi.Text, "created_at": openapi.Integer, "updated_at": openapi.Integer,
	}, "expected_hash")), s.getConfigHash)
	serve("GET "+dao.InControlPlane+"expected-config-version", openapi.OK(openapi.Object(openapi.Members{
		"expected_config_version": openapi.Text, "created_at": openapi.Integer,
	}, "expected_config_version")), s.getConfigVersion)
}

func (s *Planes) listNodes(w http.ResponseWriter, r *http.Request, _ string) error {
	if _, err := wire.CursorQuery(r); err != nil {
		return err
	}
	return wire.Write(w, http.StatusOK, map[string]any{"items": []any{}, "page": map[string]any{"total_count": 0}})
}

func (s *Planes) getNode(_ http.ResponseWriter, r *http.Request, _ string) error {
	return store.ErrNotFound
}

func (s *Planes) deleteNode(w http.ResponseWriter, r *http.Request, _ string) error {
	return wire.NoContent(w)
}
