// Package deck writes one control plane as declarative configuration and
// reads such a file into one: the format (version 3.0) of decK, and the variant
// that a gateway without a database reads.
//
// [Export] asks a control plane for everything and returns a text, the same for
// the same contents. [Read] makes a [File] of a text; [File.Plan] judges all of
// it by the schemas of the control plane and compares it with what that holds
// already; [Plan.Apply] writes it. [Problems] are all mistakes with their
// lines, found before anything is written.
//
// What a file may hold, what stands below what and which fields refer to others
// is read from a table of entities. YAML becomes nodes with lines first
// (yaml.go, json.go); what is written is written by hand (emit.go), so that
// parsers of every age agree on it. The control plane is known only through a
// client: it may be Konnect, served, or in this process.
package deck

import (
	"context"
	"fmt"
	"net/url"
	"slices"

	"github.com/google/uuid"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// handle is the field by which others name an entity instead of its id, or "".
func handle(t *entity.Type) string {
	if t.Key != "" {
		return t.Key
	}
	for _, u := range t.Unique {
		if len(u.Fields) == 1 && u.Fields[0] == "name" {
			return "name"
		}
	}
	return ""
}

// parentField is the foreign key that nesting below a type fills, or "".
func parentField(child, parent *entity.Type) string {
	if !slices.Contains(child.NestedBelow, parent.Name) {
		return ""
	}
	return child.FieldTo(parent)
}

// references are the foreign keys that requests and answers show.
func references(t *entity.Type) []entity.Reference {
	return slices.DeleteFunc(slices.Clone(t.References), func(r entity.Reference) bool {
		return slices.Contains(t.Internal, r.Field)
	})
}

// Target is a control plane and the way to it.
type Target struct {
	Client *client.Client
	ID     string
	Name   string
	// NewID makes the id of an entity that has none, from its place in the file;
	// nil means a random one.
	NewID func(place string) string
	// Progress hears how much of some work is done, if it is not nil.
	Progress func(work string, done, total int)
}

func (t *Target) newID(place string) string {
	if t.NewID == nil {
		return uuid.NewString()
	}
	return t.NewID(place)
}

func (t *Target) progress(work string, done, total int) {
	if t.Progress != nil {
		t.Progress(work, done, total)
	}
}

// Find returns the control plane of that id or name.
func Find(ctx context.Context, c *client.Client, idOrName string) (*Target, error) {
	if schema.IsUUID(idOrName) {
		doc, err := c.Get(ctx, client.Ref{Type: entity.ControlPlane, Key: idOrName})
		if err != nil {
			return nil, err
		}
		return &Target{Client: c, ID: idOrName, Name: jsonvalue.Text(doc["name"])}, nil
	}
	list, err := c.List(ctx, client.Ref{Type: entity.ControlPlane}, url.Values{"filter[name][eq]": {idOrName}})
	if err != nil {
		return nil, err
	}
	for _, doc := range list {
		if jsonvalue.Text(doc["name"]) == idOrName {
			return &Target{Client: c, ID: jsonvalue.Text(doc["id"]), Name: idOrName}, nil
		}
	}
	return nil, fmt.Errorf("there is no control plane of the name %q", idOrName)
}

// at refers to an entity of the control plane, or a collection.
func (t *Target) at(typ *entity.Type, key string) client.Ref {
	return client.Ref{Type: typ, Parents: []string{t.ID}, Key: key}
}

// idOf returns the id that a foreign key holds.
func idOf(v any) string {
	if m, ok := v.(map[string]any); ok {
		return jsonvalue.Text(m["id"])
	}
	return jsonvalue.Text(v)
}
