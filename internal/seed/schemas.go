package seed

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/deck"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luaschema"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
)

// bundled is decoded plugin by plugin when first used, once for a process.
var bundled = sync.OnceValue(func() *plugins.Set {
	return plugins.Bundled(entity.Plugin.Schema(), entity.Schemas)
})

// Schemas finds plugins as the API does: bundled ones, then the schemas that
// were uploaded, then streamed plugins and clones.
func Schemas() deck.Schemas {
	bundled := bundled()
	return deck.Schemas{
		Plugin: func(ctx context.Context, t *deck.Target, name string) (*plugins.Plugin, error) {
			if p, ok := bundled.Lookup(name); ok {
				return p, nil
			}
			p, err := uploaded(ctx, t, entity.PluginSchema, "lua_schema", name)
			if p == nil && err == nil {
				p, err = uploaded(ctx, t, entity.CustomPlugin, "schema", name)
			}
			if p == nil && err == nil {
				p, err = cloned(ctx, t, bundled, name)
			}
			return p, err
		},
		Clone:   bundled.Clone,
		Partial: plugins.NewPartialKinds(bundled, entity.PartialFrame(), entity.Schemas).Schema,
		Streamed: func(ctx context.Context, source, handler string) (*plugins.Plugin, error) {
			p, err := loadSchema(ctx, source)
			if err == nil {
				err = luaschema.CheckLua("handler.lua", handler)
			}
			return p, err
		},
	}
}

// loadSchema reads the Lua text of a plugin's schema.
func loadSchema(ctx context.Context, source string) (*plugins.Plugin, error) {
	p, err := luaschema.Load(ctx, source, entity.Plugin.Schema(), entity.Schemas)
	if err != nil {
		return nil, err
	}
	return plugins.Custom(p), nil
}

// cloned finds a clone on the control plane; nil means that it has none.
func cloned(ctx context.Context, t *deck.Target, bundled *plugins.Set, name string) (*plugins.Plugin, error) {
	doc, err := t.Client.Get(ctx, client.Ref{Type: entity.ClonedPlugin, Parents: []string{t.ID}, Key: name})
	if errors.Is(err, client.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	ref, _ := doc["ref"].(string)
	return bundled.Clone(name, ref)
}

// uploaded loads a schema from the control plane; nil means that it has none.
func uploaded(ctx context.Context, t *deck.Target, typ *entity.Type, field, name string) (*plugins.Plugin, error) {
	doc, err := t.Client.Get(ctx, client.Ref{Type: typ, Parents: []string{t.ID}, Key: name})
	if errors.Is(err, client.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	source, _ := doc[field].(string)
	p, err := loadSchema(ctx, source)
	if err != nil {
		return nil, fmt.Errorf("the schema of the plugin %s does not load: %w", name, err)
	}
	return p, nil
}
