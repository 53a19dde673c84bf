package server

import (
	"cmp"
	"errors"
	"maps"
	"net/http"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luaschema"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/openapi"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// pluginSchemaRoutes serves plugin-schemas, an older dialect: the schema's
// name is its address, answers are wrapped, and the body is a Lua program that
// is run before it is believed.
func (s *api) pluginSchemaRoutes() {
	base := inControlPlane + entity.PluginSchema.Path
	one := base + "/{name}"
	body, answer := openapi.RequestOf(entity.PluginSchema), openapi.Enveloped(entity.PluginSchema)
	s.serve("GET "+base, openapi.OK(openapi.ItemsPage(entity.PluginSchema)).Asking(openapi.Members{"page[size]": openapi.Integer, "page[after]": openapi.Text}), s.listPluginSchemas)
	s.serve("POST "+base, openapi.Created(answer).With(body), s.createPluginSchema)
	s.serve("GET "+one, openapi.OK(answer), s.getPluginSchema)
	s.serve("PUT "+one, openapi.OK(answer).With(body), s.putPluginSchema)
	s.serve("DELETE "+one, openapi.Empty(), s.deletePluginSchema)
}

// listPluginSchemas pages by name: what comes after page[after]. Answers need
// not say where the next page begins, since they show the names. Konnect allows
// a hundred schemas, so that sorting them all is no matter.
func (s *api) listPluginSchemas(w http.ResponseWriter, r *http.Request) error {
	scope, err := s.scopeToRead(r)
	if err != nil {
		return err
	}
	q, err := wire.CursorQuery(r)
	if err != nil {
		return err
	}
	all, err := s.store.List(r.Context(), entity.PluginSchema, scope, store.Query{Size: 1, Number: 1})
	if err != nil {
		return err
	}
	page, err := s.store.List(r.Context(), entity.PluginSchema, scope, store.Query{
		Size:  q.Size,
		Sort:  []store.Order{{Field: "name"}},
		Match: nameAfter(q.After),
	})
	if err != nil {
		return err
	}
	about := map[string]any{"total_count": all.Total}
	if n := len(page.Docs); page.Total > n {
		about["next"] = wire.SamePath(r, "page[after]", jsonvalue.Text(page.Docs[n-1]["name"]))
	}
	return wire.Write(w, http.StatusOK, map[string]any{"items": wire.Presented(page.Docs, wire.Compact), "page": about})
}

// nameAfter selects what comes after a name in the order of the store, which
// looks at case last.
func nameAfter(after string) func(doc map[string]any) bool {
	if after == "" {
		return nil
	}
	return func(doc map[string]any) bool {
		name := jsonvalue.Text(doc["name"])
		return cmp.Or(
			cmp.Compare(strings.ToLower(name), strings.ToLower(after)),
			cmp.Compare(name, after),
		) > 0
	}
}

func (s *api) createPluginSchema(w http.ResponseWriter, r *http.Request) error {
	scope, err := s.scopeToWrite(r)
	if err != nil {
		return err
	}
	doc, err := s.pluginSchema(r)
	if err != nil {
		return err
	}
	err = s.store.Update(r.Context(), func(tx *store.Tx) error {
		if err := absent(r.Context(), tx, entity.CustomPlugin, scope, jsonvalue.Text(doc["name"])); err != nil {
			return err
		}
		return tx.Insert(r.Context(), entity.PluginSchema, scope, doc)
	})
	if err != nil {
		return err
	}
	return wire.Write(w, http.StatusCreated, item(doc))
}

func (s *api) getPluginSchema(w http.ResponseWriter, r *http.Request) error {
	scope, err := s.scopeToRead(r)
	if err != nil {
		return err
	}
	doc, err := s.store.Get(r.Context(), entity.PluginSchema, scope, r.PathValue("name"))
	if err != nil {
		return err
	}
	return wire.Write(w, http.StatusOK, item(doc))
}

// putPluginSchema creates or replaces. Instances that exist are not judged
// again: they take the new form when they are next written.
func (s *api) putPluginSchema(w http.ResponseWriter, r *http.Request) error {
	scope, err := s.scopeToWrite(r)
	if err != nil {
		return err
	}
	doc, err := s.pluginSchema(r)
	if err != nil {
		return err
	}
	name := r.PathValue("name")
	if doc["name"] != name {
		return fault.BadRequest("invalid plugin schema: the Lua text names the plugin '" + jsonvalue.Text(doc["name"]) + "', the path '" + name + "'")
	}
	var stored map[string]any
	err = s.store.Update(r.Context(), func(tx *store.Tx) error {
		if err := absent(r.Context(), tx, entity.CustomPlugin, scope, name); err != nil {
			return err
		}
		stored, err = tx.Put(r.Context(), entity.PluginSchema, scope, name, func(old map[string]any) (map[string]any, error) {
			if old == nil {
				return doc, nil
			}
			now := maps.Clone(doc)
			now["created_at"] = old["created_at"]
			return now, nil
		})
		return err
	})
	if err != nil {
		return err
	}
	return wire.Write(w, http.StatusOK, item(stored))
}

func (s *api) deletePluginSchema(w http.ResponseWriter, r *http.Request) error {
	scope, err := s.scopeToWrite(r)
	if err != nil {
		return err
	}
	err = s.store.Delete(r.Context(), entity.PluginSchema, scope, r.PathValue("name"))
	if inUse := (*store.InUseError)(nil); errors.As(err, &inUse) {
		return fault.BadRequest("plugin schema is currently in use, delete the plugins that use it first")
	}
	if err != nil {
		return err
	}
	return wire.NoContent(w)
}

func item(doc map[string]any) map[string]any {
	return map[string]any{entity.PluginSchema.Envelope: wire.Compact(doc)}
}

// pluginSchema reads and judges an upload. The name comes from the Lua text.
func (s *api) pluginSchema(r *http.Request) (map[string]any, error) {
	body, err := wire.Decode(r)
	if err != nil {
		return nil, err
	}
	dropNulls(body)
	if err := refuse(body, entity.PluginSchema.Computed); err != nil {
		return nil, err
	}
	if _, err := s.completed(r.Context(), entity.PluginSchema.Schema(), body); err != nil {
		return nil, err
	}
	p, err := s.custom.load(r.Context(), jsonvalue.Text(body["lua_schema"]))
	if err != nil {
		return nil, uploadError(err)
	}
	if name, ok := body["name"]; ok && name != p.Name {
		return nil, fault.BadRequest("invalid plugin schema: name is derived from the plugin schema and must match if set")
	}
	if _, bundled := s.bundled.Lookup(p.Name); bundled {
		return nil, fault.BadRequest("unique constraint failed: schema already exists for plugin '" + p.Name + "'")
	}
	body["name"] = p.Name
	return s.completed(r.Context(), entity.PluginSchema.Schema(), body)
}

// uploadError tells what is wrong with the sender's Lua.
func uploadError(err error) error {
	var e *luaschema.Error
	if !errors.As(err, &e) {
		return err
	}
	return fault.BadRequest("invalid plugin schema: " + e.Error())
}
