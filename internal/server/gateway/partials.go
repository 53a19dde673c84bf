package gateway

import (
	"context"
	"net/http"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/dao"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/openapi"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// completePartial judges the config of a partial as plugins would.
func (s *Gateway) completePartial(ctx context.Context, _ string, body map[string]any) (map[string]any, error) {
	kind, ok := s.partials[jsonvalue.Text(body["type"])]
	if !ok {
		return s.Completed(ctx, entity.Partial.Schema(), body) // which says what is wrong with the type
	}
	k, err := kind()
	if err != nil {
		return nil, err
	}
	if _, given := body["config"]; !given { // else it would be filled with defaults
		return nil, fault.Violation("config", "required", "required field missing")
	}
	return s.Completed(ctx, k.Schema, body)
}

func (s *Gateway) partialRoutes(serve openapi.Register) {
	serve("GET "+dao.InControlPlane+"core-entities/schemas/partials/{partialType}", openapi.OK(schemaShape), s.Reading(s.getSchemaOfPartial))
	link := openapi.Object(openapi.Members{"id": openapi.Text, "name": openapi.Text, "instance_name": openapi.Text}, "id", "name")
	serve("GET "+dao.InControlPlane+entity.Partial.Path+"/{id}/links", openapi.OK(openapi.Object(openapi.Members{
		"data": openapi.ListOf(link), "next": openapi.Text, "offset": openapi.Text, "count": openapi.Integer,
	}, "data", "count")).Asking(openapi.OffsetParameters(entity.Plugin)), s.Reading(s.listPartialLinks))
}

// getSchemaOfPartial shows the definition of a kind of partial.
func (s *Gateway) getSchemaOfPartial(w http.ResponseWriter, r *http.Request, _ string) error {
	kind, ok := s.partials[r.PathValue("partialType")]
	if !ok {
		return store.ErrNotFound
	}
	k, err := kind()
	if err != nil {
		return err
	}
	return wire.Write(w, http.StatusOK, map[string]any{"fields": exported(k.Def["fields"])})
}

// listPartialLinks shows the plugins that use a partial.
func (s *Gateway) listPartialLinks(w http.ResponseWriter, r *http.Request, scope string) error {
	id := r.PathValue("id")
	if !schema.IsUUID(id) {
		return fault.BadRequest("the partial must be addressed by its id, a UUID")
	}
	if _, err := s.Store.Get(r.Context(), entity.Partial, scope, id); err != nil {
		return err
	}
	q, err := wire.CoreQuery(entity.Plugin, r.URL.Query())
	if err != nil {
		return err
	}
	q.Ref, q.Tags = map[string]string{"partials": id}, nil
	page, err := s.Store.List(r.Context(), entity.Plugin, scope, q)
	if err != nil {
		return err
	}
	answer := wire.CorePage(r, page, presentLink)
	answer["count"] = len(page.Docs)
	return wire.Write(w, http.StatusOK, answer)
}

func presentLink(doc map[string]any) map[string]any {
	return wire.Compact(map[string]any{"id": doc["id"], "name": doc["name"], "instance_name": doc["instance_name"]})
}
