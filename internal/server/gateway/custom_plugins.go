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

// completeCustomPlugin is irregular because two fields are Lua: it runs the
// schema and only parses the handler, which data planes run.
func (s *Gateway) completeCustomPlugin(ctx context.Context, _ string, body map[string]any) (map[string]any, error) {
	doc, err := s.Completed(ctx, entity.CustomPlugin.Schema(), body)
	if err != nil {
		return nil, err
	}
	p, err := s.custom.load(ctx, jsonvalue.Text(doc["schema"]))
	if e := (*luaschema.Error)(nil); errors.As(err, &e) {
		return nil, fault.Violation("schema", "lua", "invalid plugin schema: "+e.Error())
	}
	if err != nil {
		return nil, err
	}
	if p.Name != doc["name"] {
		return nil, fault.Violation("schema", "eq", "the Lua text names the plugin '"+p.Name+"', which must be the same as name")
	}
	if err := luaschema.CheckLua("handler.lua", jsonvalue.Text(doc["handler"])); err != nil {
		return nil, fault.Violation("handler", "lua", "invalid handler: "+err.Error())
	}
	return doc, s.notBundled(p.Name)
}

// notBundled refuses the name of a bundled plugin.
func (s *Gateway) notBundled(name string) error {
	if _, bundled := s.bundled.Lookup(name); bundled {
		return fault.Violation("name", "unique", "a bundled plugin has the name '"+name+"'")
	}
	return nil
}

// onlyStreamed refuses a name that a plugin of another kind already has.
func (s *Gateway) onlyStreamed(ctx context.Context, tx *store.Tx, scope string, doc map[string]any) error {
	return absent(ctx, tx, entity.CustomPlugin, scope, doc)
}

// absent refuses a plugin of one kind if one of another kind has its name.
func absent(ctx context.Context, tx *store.Tx, kind *entity.Type, scope string, doc map[string]any) error {
	for _, t := range []*entity.Type{entity.PluginSchema, entity.CustomPlugin, entity.ClonedPlugin} {
		if t == kind {
			continue
		}
		_, err := tx.Get(ctx, t, scope, jsonvalue.Text(doc["name"]))
		if err == nil {
			return &store.UniqueError{Index: "name", Fields: []string{"name"}}
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	return nil
}
