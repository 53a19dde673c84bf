package gateway

import (
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/dao"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/openapi"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// schemaRoutes serves requests about schemas.
func (s *Gateway) schemaRoutes(serve openapi.Register) {
	const base = dao.InControlPlane + "core-entities/schemas"
	serve("GET "+base+"/plugins/{name}", openapi.OK(pluginSchemaShape), s.Reading(s.getSchemaOfPlugin))
	serve("GET "+base+"/{entityName}", openapi.OK(schemaShape), s.Reading(s.getSchemaOfEntity))
	serve("GET "+dao.InControlPlane+"core-entities/v1/schemas/json/{entityName}", openapi.OK(openapi.AnyObject), s.Reading(s.getJSONSchema))
	serve("GET "+dao.InControlPlane+"schemas/core-entities/plugins/{name}", openapi.OK(pluginSchemaShape), s.Reading(s.getSchemaOfPlugin)) // in older clients
	serve("GET "+dao.InControlPlane+"core-entities/v1/available-plugins", openapi.OK(openapi.Whole(openapi.Members{"names": openapi.ListOf(openapi.Text)})), s.Reading(s.listAvailablePlugins))
	serve("POST "+base+"/{entityName}/validate", openapi.OK(openapi.Whole(openapi.Members{"message": openapi.Text})).With(openapi.AnyObject), s.Reading(s.validate))
}

// schemaShape describes a definition in Kong's language.
var schemaShape = openapi.Whole(openapi.Members{"fields": openapi.ListOf(openapi.AnyObject)})

// pluginSchemaShape is that of a plugin, with the paths at which partials of a
// kind can be.
var pluginSchemaShape = openapi.Object(openapi.Members{
	"fields": openapi.ListOf(openapi.AnyObject), "supported_partials": openapi.MapOf(openapi.ListOf(openapi.Text)),
}, "fields")

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
	answer := map[string]any{"fields": fields}
	if p.Info != nil && len(p.Info.Partials) > 0 {
		answer["supported_partials"] = p.Info.Partials
	}
	return wire.Write(w, http.StatusOK, answer)
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

// getJSONSchema shows an entity as JSON Schema. decK completes its files by the
// defaults in it before it compares, so they are those of the server.
func (s *Gateway) getJSONSchema(w http.ResponseWriter, r *http.Request, _ string) error {
	t := s.coreType(r.PathValue("entityName"))
	if t == nil {
		return store.ErrNotFound
	}
	return wire.Write(w, http.StatusOK, openapi.JSONSchema(t))
}

// listAvailablePlugins names the bundled plugins that users can create in
// Konnect, and the clones of the control plane.
func (s *Gateway) listAvailablePlugins(w http.ResponseWriter, r *http.Request, scope string) error {
	clones, err := store.All(r.Context(), s.Store, entity.ClonedPlugin, scope, nil)
	if err != nil {
		return err
	}
	names := slices.Clone(s.available())
	for _, clone := range clones {
		names = append(names, jsonvalue.Text(clone["name"]))
	}
	slices.Sort(names)
	return wire.Write(w, http.StatusOK, map[string]any{"names": names})
}

// inKonnect names the plugins of a set that users can create in Konnect, once
// somebody asks: it compiles all of them.
func inKonnect(set *plugins.Set) func() []string {
	return sync.OnceValue(func() []string {
		return slices.DeleteFunc(set.Names(), func(name string) bool {
			p, ok := set.Lookup(name)
			return !ok || !p.InKonnect()
		})
	})
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
	if _, err := c.document(r, scope, body); err != nil {
		return err
	}
	return wire.Write(w, http.StatusOK, map[string]any{"message": "schema validation successful"})
}

// coreType finds a type by the name that its collection has, or by Kong's.
func (s *Gateway) coreType(name string) *entity.Type {
	for _, t := range s.Store.Types().Core() {
		if slices.Contains([]string{t.Name, t.Singular, strings.ReplaceAll(t.Singular, "_", "-"), path.Base(t.Path), t.Nested}, name) {
			return t
		}
	}
	return nil
}
