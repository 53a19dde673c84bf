package session

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luaschema"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// uploads are the plugins that the configuration itself is about to bring in:
// uploaded schemas and clones. They count before those that the control plane
// holds: they are what will be there.
//
// Terraform calls for an upload or a clone before it calls for the plugins that
// refer to it, in the same process. It does not call at all if it does not
// change; then the control plane is asked.
type uploads struct {
	mu     sync.Mutex
	byName map[string][]upload
}

// upload is a plugin of this configuration, with the text that defines it. The
// control plane is "" while its id is unknown.
type upload struct {
	controlPlane string
	source       string
	plugin       *plugins.Plugin
}

// NoteUpload notes a schema that this configuration uploads.
func (s *Session) NoteUpload(controlPlane any, source string, found *luaschema.Plugin) {
	s.uploads.note(controlPlane, source, plugins.Custom(found))
}

// NoteClone notes a clone that this configuration makes.
func (s *Session) NoteClone(controlPlane any, clone *plugins.Plugin) {
	s.uploads.note(controlPlane, clone.Source, clone)
}

func (b *uploads) note(controlPlane any, source string, p *plugins.Plugin) {
	id, _ := controlPlane.(string)
	b.mu.Lock()
	defer b.mu.Unlock()
	list := b.byName[p.Name]
	for i, u := range list {
		if u.controlPlane == id && (id != "" || u.source == source) {
			list[i] = upload{id, source, p}
			return
		}
	}
	if b.byName == nil {
		b.byName = map[string][]upload{}
	}
	b.byName[p.Name] = append(list, upload{id, source, p})
}

// find returns the plugin that this configuration brings in under a name. Where
// the control plane is unknown there may be several, one for each new control
// plane; then nobody can tell which is meant.
func (b *uploads) find(controlPlane any, name string) (p *plugins.Plugin, ambiguous bool) {
	id, _ := controlPlane.(string)
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, u := range b.byName[name] {
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

// names are those of what this configuration brings to a control plane.
func (b *uploads) names(controlPlane string) (out []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for name, list := range b.byName {
		if slices.ContainsFunc(list, func(u upload) bool { return u.controlPlane == controlPlane }) {
			out = append(out, name)
		}
	}
	return out
}

// ErrNoPlugin says that the control plane has no plugin of that name.
var ErrNoPlugin = errors.New("no such plugin")

// Plugin returns the schema of a plugin by name. Both results are nil when it
// cannot be known yet; the error is [ErrNoPlugin] when there is none.
func (s *Session) Plugin(ctx context.Context, controlPlane any, called string) (*plugins.Plugin, error) {
	uploaded, ambiguous := s.uploads.find(controlPlane, called)
	if uploaded != nil {
		return uploaded, nil
	}
	if p, ok := s.Bundled.Lookup(called); ok {
		return p, nil
	}
	id, known := controlPlane.(string)
	if ambiguous || !known || s.API == nil {
		return nil, nil
	}
	return s.inquire(ctx, scopedName{id, called})
}

// described is what a control plane says of a plugin: nil when there is none.
type described struct {
	plugin *plugins.Plugin
	err    error
}

// inquire asks the control plane, once for each plugin. After an error the next
// call asks again.
func (s *Session) inquire(ctx context.Context, q scopedName) (*plugins.Plugin, error) {
	d := s.schemas.ask(q, func() (d described) {
		d.plugin, d.err = s.fetch(ctx, q)
		return d
	})
	switch {
	case d.err != nil:
		s.schemas.forget(q)
		return nil, d.err
	case d.plugin == nil:
		return nil, ErrNoPlugin
	}
	return d.plugin, nil
}

// fetch looks for an uploaded schema first, then for a streamed plugin, then for a
// clone, then for a plugin that the control plane bundles and this provider does
// not know: it may be newer.
func (s *Session) fetch(ctx context.Context, q scopedName) (*plugins.Plugin, error) {
	doc, err := s.API.Read(ctx, client.Ref{Type: entity.PluginSchema, Parents: []string{q.controlPlane}, Key: q.name}, client.Often)
	switch {
	case err == nil:
		source, _ := doc["lua_schema"].(string)
		return loadLua(ctx, source)
	case !errors.Is(err, client.ErrNotFound):
		return nil, err
	}
	doc, err = s.API.Get(ctx, client.Ref{Type: entity.CustomPlugin, Parents: []string{q.controlPlane}, Key: q.name})
	switch {
	case err == nil:
		source, _ := doc["schema"].(string)
		return loadLua(ctx, source)
	case !errors.Is(err, client.ErrNotFound):
		return nil, err
	}
	doc, err = s.API.Get(ctx, client.Ref{Type: entity.ClonedPlugin, Parents: []string{q.controlPlane}, Key: q.name})
	switch {
	case err == nil:
		ref, _ := doc["ref"].(string)
		clone, err := s.Bundled.Clone(q.name, ref)
		if err != nil {
			return nil, err
		}
		return clone.Prioritized(doc["priority"]), nil
	case !errors.Is(err, client.ErrNotFound):
		return nil, err
	}
	def, err := s.definition(ctx, q)
	switch {
	case err == nil:
		return plugins.Served(q.name, def, entity.Plugin.Schema(), entity.Schemas)
	case errors.Is(err, client.ErrNotFound):
		return nil, s.controlPlaneExists(ctx, q.controlPlane)
	}
	return nil, err
}

// definition asks the control plane for its own definition of a plugin.
func (s *Session) definition(ctx context.Context, q scopedName) (def map[string]any, err error) {
	path, err := client.Ref{Type: entity.ControlPlane, Key: q.controlPlane}.Path()
	if err != nil {
		return nil, err
	}
	err = s.API.Do(ctx, http.MethodGet, path+"/core-entities/schemas/plugins/"+url.PathEscape(q.name), nil, &def)
	return def, err
}

// AsServed returns a bundled plugin with the defaults of the control plane that
// it is for: its own word is newer than our copy. The embedded one is of the same
// copy and is not asked. Where the control plane does not say, ours count.
func (s *Session) AsServed(ctx context.Context, controlPlane any, p *plugins.Plugin) *plugins.Plugin {
	id, known := controlPlane.(string)
	if !known || s.API == nil || s.Closer != nil || p.Custom || p.Info == nil {
		return p
	}
	return s.served.ask(scopedName{id, p.Name}, func() *plugins.Plugin {
		def, err := s.definition(ctx, scopedName{id, p.Name})
		if err != nil {
			return p
		}
		served, err := p.AsServed(def, entity.Plugin.Schema(), entity.Schemas)
		if err != nil {
			return p
		}
		return served
	})
}

// controlPlaneExists tells a plugin that is not there from a control plane
// that is not.
func (s *Session) controlPlaneExists(ctx context.Context, id string) error {
	_, err := s.API.Read(ctx, client.Ref{Type: entity.ControlPlane, Key: id}, client.Often)
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
	return plugins.Custom(p), nil
}

// OtherPlugins are the names of the plugins beside the bundled ones that the
// configuration or a control plane has. What cannot be read is not there: the
// names are for hints.
func (s *Session) OtherPlugins(ctx context.Context, controlPlane any) []string {
	id, known := controlPlane.(string)
	names := s.uploads.names(id)
	if !known || s.API == nil {
		return names
	}
	return append(names, s.others.ask(id, func() (held []string) {
		for _, t := range []*entity.Type{entity.PluginSchema, entity.CustomPlugin, entity.ClonedPlugin} {
			docs, _ := s.API.List(ctx, client.Ref{Type: t, Parents: []string{id}}, nil)
			for _, doc := range docs {
				if name, ok := doc["name"].(string); ok {
					held = append(held, name)
				}
			}
		}
		return held
	})...)
}

// UnknownPlugin names the plugin that was most likely meant, and the way to
// bring in another.
func (s *Session) UnknownPlugin(ctx context.Context, controlPlane any, name string) string {
	text := fmt.Sprintf("name: the control plane has no plugin %q.", name)
	if near := schema.Nearest(name, append(s.OtherPlugins(ctx, controlPlane), s.Bundled.Names()...)); near != "" {
		text += fmt.Sprintf(" Did you mean %q?", near)
	}
	return text + " A plugin of your own needs its schema on the control plane: upload it with " +
		"konnect_gateway_custom_plugin_schema, or with its code with konnect_gateway_custom_plugin_streaming, and where that is in this configuration refer to it, " +
		"name = konnect_gateway_custom_plugin_schema.<name>.name, so that it is there first."
}
