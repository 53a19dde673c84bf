package gateway

import (
	"context"
	"errors"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luaschema"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// pluginSchemas are irregular because the body is a Lua program, which contains
// the name and has to run first.
func (s *Gateway) pluginSchemas() *legacy {
	return &legacy{
		Gateway: s, typ: entity.PluginSchema, changing: s.Writing,
		complete: s.completePluginSchema,
		before: func(ctx context.Context, tx *store.Tx, scope string, doc map[string]any) error {
			return absent(ctx, tx, entity.PluginSchema, scope, doc)
		},
		creates: true, paged: true,
		inUse: "plugin schema is currently in use, delete the plugins that use it first",
	}
}

// completePluginSchema judges an upload. The name comes from the Lua text.
func (s *Gateway) completePluginSchema(ctx context.Context, body map[string]any, key string) (map[string]any, error) {
	if _, err := s.Completed(ctx, entity.PluginSchema.Schema(), body); err != nil {
		return nil, err
	}
	p, err := s.custom.load(ctx, jsonvalue.Text(body["lua_schema"]))
	if err != nil {
		return nil, uploadError(err)
	}
	if name, ok := body["name"]; ok && name != p.Name {
		return nil, fault.BadRequest("invalid plugin schema: name is derived from the plugin schema and must match if set")
	}
	if _, bundled := s.bundled.Lookup(p.Name); bundled {
		return nil, fault.BadRequest("unique constraint failed: schema already exists for plugin '" + p.Name + "'")
	}
	if key != "" && p.Name != key {
		return nil, fault.BadRequest("invalid plugin schema: the Lua text names the plugin '" + p.Name + "', the path '" + key + "'")
	}
	body["name"] = p.Name
	return s.Completed(ctx, entity.PluginSchema.Schema(), body)
}

// uploadError says what is wrong with the uploaded Lua.
func uploadError(err error) error {
	var e *luaschema.Error
	if !errors.As(err, &e) {
		return err
	}
	return fault.BadRequest("invalid plugin schema: " + e.Error())
}
