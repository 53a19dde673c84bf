package session

import (
	"context"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// NoteManaged remembers the id of a plugin that this configuration manages.
func (s *Session) NoteManaged(id string) { s.managed.Store(id, true) }

// Manages reports whether Terraform has shown a plugin as managed.
func (s *Session) Manages(id any) bool {
	_, ok := s.managed.Load(id)
	return ok
}

// heldPlugins are the plugins of a control plane, by the name of a unique key
// and by the key.
type heldPlugins map[string]map[string]map[string]any

// HeldPlugin returns the plugin of a control plane that has the unique values of
// a document, or nil. The plugins are read once. If they cannot be read there
// are none: a later request will show the error.
func (s *Session) HeldPlugin(ctx context.Context, controlPlane string, u entity.Unique, doc map[string]any) map[string]any {
	key, ok := u.Key(doc)
	if !ok {
		return nil
	}
	return s.held.ask(controlPlane, func() heldPlugins { return s.readPlugins(ctx, controlPlane) })[u.Name][key]
}

func (s *Session) readPlugins(ctx context.Context, controlPlane string) heldPlugins {
	docs, err := s.API.List(ctx, client.Ref{Type: entity.Plugin, Parents: []string{controlPlane}}, nil)
	if err != nil {
		return nil
	}
	out := heldPlugins{}
	for _, u := range entity.Plugin.Unique {
		out[u.Name] = make(map[string]map[string]any, len(docs))
		for _, doc := range docs {
			if key, ok := u.Key(doc); ok {
				out[u.Name][key] = doc
			}
		}
	}
	return out
}
