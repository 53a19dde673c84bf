package acctest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// World is a [ControlPlane] on which a control plane was made beforehand.
type World struct {
	*ControlPlane

	ID string // of the control plane
}

// NewWorld starts a control plane that ends with the test.
func NewWorld(t testing.TB) *World {
	t.Helper()
	c := New(t)
	id, _ := c.Make(t, entity.ControlPlane, nil, Object{"name": "world"})["id"].(string)
	return &World{c, id}
}

// Scope is the control plane as the parent of entities.
func (w *World) Scope() []string { return []string{w.ID} }

// MakePlane makes a control plane of a kind and returns its id.
func (w *World) MakePlane(t testing.TB, config Object) string {
	t.Helper()
	config["name"] = fmt.Sprintf("%s %v", t.Name(), config)
	id, _ := w.Make(t, entity.ControlPlane, nil, config)["id"].(string)
	return id
}

// Placed makes plugins as Konnect does for application registration: nobody
// else can give them such tags for certain.
func (w *World) Placed(t testing.TB, tag string, made ...Object) (ids []string) {
	t.Helper()
	for _, doc := range made {
		id, _ := w.Make(t, entity.Plugin, w.Scope(), doc)["id"].(string)
		ids = append(ids, id)
	}
	w.Amend(func(_ string, doc map[string]any) {
		if id, _ := doc["id"].(string); slices.Contains(ids, id) {
			doc["tags"] = []any{tag}
		}
	})
	return ids
}
