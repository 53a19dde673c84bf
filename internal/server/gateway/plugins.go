package gateway

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luaschema"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// CompletePlugin judges an instance by the schema of its plugin, bundled, custom
// or cloned. It links the instance with the entity that defines the plugin, so
// that the database keeps that as long as it is used.
func (s *Gateway) CompletePlugin(ctx context.Context, scope string, body map[string]any) (map[string]any, error) {
	name, ok := body["name"].(string)
	if !ok {
		return s.Completed(ctx, s.bundled.Schema(), body) // which says what is wrong with the name
	}
	p, err := s.plugin(ctx, scope, name)
	if errors.Is(err, store.ErrNotFound) {
		return nil, fault.Violation("name", "subschema", "plugin("+short(name)+") does not exist")
	}
	if err != nil {
		return nil, err
	}
	complete := s.completeLinked
	if list, ok := body["partials"].([]any); !ok || len(list) == 0 {
		complete = s.completeWhole
	}
	doc, err := complete(ctx, scope, p.Plugin, body)
	if err == nil && doc["condition"] != nil {
		if why := plugins.RefusesCondition(p.Origin(), doc); why != "" {
			err = fault.Violation("condition", "plugin", why)
		}
	}
	if err == nil && p.field != "" {
		doc[p.field] = map[string]any{"id": p.id}
	}
	return doc, err
}

// completeWhole judges an instance without partials.
func (s *Gateway) completeWhole(ctx context.Context, _ string, p *plugins.Plugin, body map[string]any) (map[string]any, error) {
	return s.Completed(ctx, p.Schema, body)
}

// managed refuses changes by users to a plugin that belongs to a link.
func managed(doc map[string]any) error {
	if doc["service_link"] == nil {
		return nil
	}
	return fault.Usage("the plugin is managed by Konnect: it belongs to the application registration of an API product version")
}

// short bounds what an answer repeats of a request.
func short(name string) string {
	const limit = 128
	if len(name) <= limit {
		return name
	}
	return strings.ToValidUTF8(name[:limit], "") + "…"
}

// showFormer adds to an answer what fields of the configuration were called
// before. A plugin whose schema does not load, or has no configuration, is shown
// without.
func (s *Gateway) showFormer(ctx context.Context, scope string, doc, answer map[string]any) error {
	if answer["config"] == nil {
		return nil
	}
	if p, err := s.plugin(ctx, scope, jsonvalue.Text(doc["name"])); err == nil {
		answer["config"] = p.Schema.WithFormer(ctx, answer)["config"]
	}
	return nil
}

// dropEchoes takes out of a body what its sender has read under older names
// (see [Gateway.showFormer]) and then changed under the new ones.
func (s *Gateway) dropEchoes(ctx context.Context, scope, key string, body map[string]any) (map[string]any, error) {
	p, err := s.plugin(ctx, scope, jsonvalue.Text(body["name"]))
	if err != nil || !s.formerOf(p).names.in(body) {
		return body, nil //nolint:nilerr // judging the body says what is wrong with the name
	}
	held, err := s.Store.Get(ctx, entity.Plugin, scope, key)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return body, nil
	case err != nil:
		return nil, err
	}
	return p.Schema.WithoutEchoes(ctx, body, held), nil
}

// definition is a plugin and the entity that defines it: the internal field of
// instances that refers to the entity, and its id. Both are empty for bundled
// plugins.
type definition struct {
	*plugins.Plugin
	field, id string
}

// plugin returns the plugin of that name in a control plane, or ErrNotFound.
func (s *Gateway) plugin(ctx context.Context, scope, name string) (definition, error) {
	if p, ok := s.bundled.Lookup(name); ok {
		return definition{Plugin: p}, nil
	}
	d := definition{field: "plugin_schema", id: name}
	doc, err := s.Store.Get(ctx, entity.PluginSchema, scope, name)
	source := jsonvalue.Text(doc["lua_schema"])
	if errors.Is(err, store.ErrNotFound) && !schema.IsUUID(name) {
		doc, err = s.Store.Get(ctx, entity.CustomPlugin, scope, name)
		d, source = definition{field: "custom_plugin", id: jsonvalue.Text(doc["id"])}, jsonvalue.Text(doc["schema"])
	}
	if errors.Is(err, store.ErrNotFound) && !schema.IsUUID(name) {
		return s.cloned(ctx, scope, name)
	}
	if err != nil {
		return d, err
	}
	d.Plugin, err = s.custom.load(ctx, source)
	if e := (*luaschema.Error)(nil); errors.As(err, &e) {
		return d, fault.BadRequest("the schema of the plugin " + name + " does not load: " + e.Error())
	}
	return d, err
}

// cloned returns the clone of that name in a control plane, or ErrNotFound.
func (s *Gateway) cloned(ctx context.Context, scope, name string) (definition, error) {
	doc, err := s.Store.Get(ctx, entity.ClonedPlugin, scope, name)
	if err != nil {
		return definition{}, err
	}
	d := definition{field: "cloned_plugin", id: jsonvalue.Text(doc["id"])}
	d.Plugin, err = s.bundled.Clone(name, jsonvalue.Text(doc["ref"]))
	return d, err
}

// customPlugins keeps compiled schemas by their text, so that they are never
// stale, whichever process changes a schema.
type customPlugins struct {
	mu      sync.Mutex
	entries map[[sha256.Size]byte]func() (*plugins.Plugin, error)
	order   [][sha256.Size]byte // oldest first
}

// maxCustom bounds the cache; a compiled schema takes tens of kilobytes.
const maxCustom = 512

func newCustomPlugins() *customPlugins {
	return &customPlugins{entries: map[[sha256.Size]byte]func() (*plugins.Plugin, error){}}
}

// load compiles a schema, or finds it compiled.
func (c *customPlugins) load(ctx context.Context, source string) (*plugins.Plugin, error) {
	key := sha256.Sum256([]byte(source))
	c.mu.Lock()
	entry, ok := c.entries[key]
	if !ok {
		// Other requests may wait for the result, so it does not end with the
		// context of this one. Loading has bounds of its own.
		ctx := context.WithoutCancel(ctx)
		entry = sync.OnceValues(func() (*plugins.Plugin, error) { return loadCustom(ctx, source) })
		c.add(key, entry)
	}
	c.mu.Unlock()
	p, err := entry()
	if err != nil {
		c.forget(key)
	}
	return p, err
}

func (c *customPlugins) add(key [sha256.Size]byte, entry func() (*plugins.Plugin, error)) {
	if len(c.order) >= maxCustom {
		delete(c.entries, c.order[0])
		c.order = c.order[1:]
	}
	c.entries[key] = entry
	c.order = append(c.order, key)
}

// forget drops a schema that did not load: a later attempt may have more time.
func (c *customPlugins) forget(key [sha256.Size]byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.entries, key)
	for i, k := range c.order {
		if k == key {
			c.order = append(c.order[:i:i], c.order[i+1:]...)
			return
		}
	}
}

func loadCustom(ctx context.Context, source string) (*plugins.Plugin, error) {
	p, err := luaschema.Load(ctx, source, entity.Plugin.Schema(), entity.Schemas)
	if err != nil {
		return nil, err
	}
	if err := selfContained(p); err != nil {
		return nil, err
	}
	return plugins.Custom(p), nil
}

// selfContained refuses modules that a control plane lacks where the schema
// names them in a function: it would fail when the function first runs.
func selfContained(p *luaschema.Plugin) error {
	for _, r := range p.Requires {
		if !slices.Contains(luaschema.Modules(), r.Module) {
			return &luaschema.Error{
				Stage: luaschema.Run, Line: r.Line,
				Message: fmt.Sprintf("schema.lua:%d: module '%s' is not there on a control plane", r.Line, r.Module),
			}
		}
	}
	return nil
}

// exported is a definition as JSON shows it: functions are left out, and an
// empty map or record is an object where it is a default.
func exported(v any) any {
	switch v := v.(type) {
	case schema.Def:
		out := make(map[string]any, len(v))
		for k, e := range v {
			if _, code := e.(*schema.Function); !code {
				out[k] = exported(e)
			}
		}
		if list, ok := v["default"].([]any); ok && len(list) == 0 && (v["type"] == "map" || v["type"] == "record") {
			out["default"] = map[string]any{}
		}
		return out
	case []any:
		out := []any{}
		for _, e := range v {
			if _, code := e.(*schema.Function); !code {
				out = append(out, exported(e))
			}
		}
		return out
	}
	return v
}
