package gateway

import (
	"net/http"
	"path"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/dao"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/openapi"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// schemaRoutes serves requests about schemas.
func (s *Gateway) schemaRoutes(serve openapi.Register) {
	const base = dao.InControlPlane + "core-entities/schemas"
	serve("GET "+base+"/plugins/{name}", openapi.OK(schemaShape), s.Reading(s.getSchemaOfPlugin))
	serve("GET "+base+"/{entityName}", openapi.OK(schemaShape), s.Reading(s.getSchemaOfEntity))
	serve("POST "+base+"/{entityName}/validate", openapi.OK(openapi.Whole(openapi.Members{"message": openapi.Text})).With(openapi.AnyObject), s.Reading(s.validate))
}

// schemaShape describes a definition in Kong's language.
var schemaShape = openapi.Whole(openapi.Members{"fields": openapi.ListOf(openapi.AnyObject)})

// getSchemaOfPlugin shows the definition of a plugin, bundled or custom.
func (s *Gateway) getSchemaOfPlugin(w http.ResponseWriter, r *http.Request, scope string) error {
	p, err := s.plugin(r.Context(), scope, r.PathValue("name"))
	if err != nil {
		return err
	}
	fields, ok := exported(p.Def["fields"]).([]any)
	if !ok {
		fields = []any{}
	}
	return wire.Write(w, http.StatusOK, map[string]any{"fields": fields})
}

// getSchemaOfEntity shows the definition of an entity, from which clients read
// the defaults.
func (s *Gateway) getSchemaOfEntity(w http.ResponseWriter, r *http.Request, _ string) error {
	t := s.coreType(r.PathValue("entityName"))
	if t == nil {
		return store.ErrNotFound
	}
	return wire.Write(w, http.StatusOK, map[string]any{"fields": exported(t.Schema().Def["fields"])})
}

// validate judges a body as a create would, without the stored entities.
func (s *Gateway) validate(w http.ResponseWriter, r *http.Request, scope string) error {
	t := s.coreType(r.PathValue("entityName"))
	if t == nil {
		return fault.ErrNoEndpoint
	}
	c := s.collection(t)
	body, err := c.body(r, "")
	if err != nil {
		return err
	}
	if _, err := c.document(r.Context(), scope, body); err != nil {
		return err
	}
	return wire.Write(w, http.StatusOK, map[string]any{"message": "schema validation successful"})
}

// coreType finds a type by the name that its collection has, or by Kong's.
func (s *Gateway) coreType(name string) *entity.Type {
	for _, t := range s.Store.Types().Core() {
		if slices.Contains([]string{t.Name, t.Singular, path.Base(t.Path), t.Nested}, name) {
			return t
		}
	}
	return nil
}
