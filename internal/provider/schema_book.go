package provider

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/luaschema"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
)

// schemaBook knows the plugin schemas that are not bundled: those that the
// configuration itself is about to upload, and those that the control plane
// holds. The former win, they are what will be there.
//
// Terraform calls for an uploaded schema before it calls for the plugins that
// refer to it, in one process, but never when the schema does not change:
// hence the control plane as the second source.
type schemaBook struct {
	mu       sync.Mutex
	uploads  map[string][]upload
	inquires map[inquiry]*answer
}

// upload is a schema of this configuration. The control plane is "" while its
// id is unknown.
type upload struct {
	controlPlane string
	source       string
	plugin       *plugins.Plugin
}

type inquiry struct{ controlPlane, name string }

type answer struct {
	once   sync.Once
	plugin *plugins.Plugin // nil when there is none
	err    error
}

func newSchemaBook() *schemaBook {
	return &schemaBook{uploads: map[string][]upload{}, inquires: map[inquiry]*answer{}}
}

// register notes a schema that this configuration uploads.
func (b *schemaBook) register(controlPlane any, source string, p *plugins.Plugin) {
	id, _ := controlPlane.(string)
	b.mu.Lock()
	defer b.mu.Unlock()
	list := b.uploads[p.Name]
	for i, u := range list {
		if u.controlPlane == id && (id != "" || u.source == source) {
			list[i] = upload{id, source, p}
			return
		}
	}
	b.uploads[p.Name] = append(list, upload{id, source, p})
}

// uploaded returns the schema that this configuration uploads under a name.
// Where the control plane is unknown there may be several, one for each new
// control plane; then nobody can tell which is meant.
func (b *schemaBook) uploaded(controlPlane any, name string) (p *plugins.Plugin, ambiguous bool) {
	id, _ := controlPlane.(string)
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, u := range b.uploads[name] {
		if u.controlPlane != id {
			continue
		}
		if p != nil {
			return nil, true
		}
		p = u.plugin
	}
	return p, false
}

// errNoPlugin: the control plane has no plugin of that name.
var errNoPlugin = errors.New("no such plugin")

// plugin returns the schema of a plugin by name. Both results are nil when it
// cannot be known yet; the error is errNoPlugin when there is none.
func (s *session) plugin(ctx context.Context, controlPlane any, name string) (*plugins.Plugin, error) {
	uploaded, ambiguous := s.schemas.uploaded(controlPlane, name)
	if uploaded != nil {
		return uploaded, nil
	}
	if p, ok := s.bundled.Lookup(name); ok {
		return p, nil
	}
	id, known := controlPlane.(string)
	if ambiguous || !known || s.api == nil {
		return nil, nil
	}
	return s.inquire(ctx, inquiry{id, name})
}

// inquire asks the control plane, once for each plugin. What failed is asked
// again by the next who wants to know.
func (s *session) inquire(ctx context.Context, q inquiry) (*plugins.Plugin, error) {
	b := s.schemas
	b.mu.Lock()
	a := b.inquires[q]
	if a == nil {
		a = &answer{}
		b.inquires[q] = a
	}
	b.mu.Unlock()
	a.once.Do(func() { a.plugin, a.err = s.fetch(ctx, q) })
	if a.err != nil {
		b.mu.Lock()
		if b.inquires[q] == a {
			delete(b.inquires, q)
		}
		b.mu.Unlock()
		return nil, a.err
	}
	if a.plugin == nil {
		return nil, errNoPlugin
	}
	return a.plugin, nil
}

// fetch looks for an uploaded schema first, then for one that the control
// plane bundles and this provider does not know: it may be newer.
func (s *session) fetch(ctx context.Context, q inquiry) (*plugins.Plugin, error) {
	doc, err := s.api.Get(ctx, client.Ref{Type: entity.PluginSchema, Parents: []string{q.controlPlane}, Key: q.name})
	switch {
	case err == nil:
		source, _ := doc["lua_schema"].(string)
		return loadLua(ctx, source)
	case !errors.Is(err, client.ErrNotFound):
		return nil, err
	}
	path, err := client.Ref{Type: entity.ControlPlane, Key: q.controlPlane}.Path()
	if err != nil {
		return nil, err
	}
	var def map[string]any
	err = s.api.Do(ctx, http.MethodGet, path+"/core-entities/schemas/plugins/"+q.name, nil, &def)
	switch {
	case err == nil:
		def["name"] = q.name
		return plugins.New(def, entity.Plugin.Schema(), entity.Schemas)
	case errors.Is(err, client.ErrNotFound):
		return nil, s.controlPlaneExists(ctx, q.controlPlane)
	}
	return nil, err
}

// controlPlaneExists tells a plugin that is not there from a control plane
// that is not.
func (s *session) controlPlaneExists(ctx context.Context, id string) error {
	_, err := s.api.Get(ctx, client.Ref{Type: entity.ControlPlane, Key: id})
	if errors.Is(err, client.ErrNotFound) {
		return fmt.Errorf("there is no control plane %s: %w", id, err)
	}
	return err
}

// loadLua runs a schema.lua and makes a plugin of it.
func loadLua(ctx context.Context, source string) (*plugins.Plugin, error) {
	p, err := luaschema.Load(ctx, source, entity.Plugin.Schema(), entity.Schemas)
	if err != nil {
		return nil, err
	}
	return customPlugin(p), nil
}

func customPlugin(p *luaschema.Plugin) *plugins.Plugin {
	return &plugins.Plugin{Name: p.Name, Schema: p.Schema, Def: p.Def, Custom: true}
}
