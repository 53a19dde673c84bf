package planes

import (
	"net/http"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/access"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/openapi"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
)

// runtimeGroupRoutes serves the list of control planes at the path and in the
// form that they had when they were called runtime groups. decK still looks the
// id of a control plane up there, before anything else.
func (s *Planes) runtimeGroupRoutes(serve openapi.Register) {
	group := openapi.Whole(openapi.Members{"id": openapi.Text, "name": openapi.Text})
	serve("GET /konnect-api/api/runtime_groups", openapi.OK(openapi.Whole(openapi.Members{
		"data": openapi.ListOf(group), "page": openapi.Integer, "pageCount": openapi.Integer,
	})).Asking(openapi.Members{"page": openapi.Integer}), s.listRuntimeGroups)
}

func (s *Planes) listRuntimeGroups(w http.ResponseWriter, r *http.Request) error {
	q, err := wire.PlainNumberQuery(r.URL.Query())
	if err != nil {
		return err
	}
	page, err := s.Store.List(r.Context(), entity.ControlPlane, "", access.WithinReach(r, "id", q))
	if err != nil {
		return err
	}
	return wire.Write(w, http.StatusOK, map[string]any{
		"data": wire.Presented(page.Docs, func(doc map[string]any) map[string]any {
			return map[string]any{"id": doc["id"], "name": doc["name"]}
		}),
		"page":      q.Number,
		"pageCount": max(1, (page.Total+q.Size-1)/q.Size),
	})
}
