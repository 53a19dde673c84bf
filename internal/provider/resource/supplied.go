package resource

import (
	"context"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

func (r regular) supplied(context.Context, *session.Session, subject, map[string]any) (certain, possible []string) {
	return nil, nil
}

// supplied are the parts of the configuration that partials supply.
func (p plugin) supplied(ctx context.Context, s *session.Session, in subject, doc map[string]any) (certain, possible []string) {
	name, known := doc["name"].(string)
	if !known || doc["partials"] == nil {
		return nil, nil
	}
	controlPlane := in.get("control_plane_id")
	found, err := s.Plugin(ctx, controlPlane, name)
	if err != nil {
		return nil, nil
	}
	return plugins.Case{
		Plugin: found, Name: name, Written: doc,
		PartialKind: func(id string) string { return s.PartialKind(ctx, controlPlane, id) },
	}.Supplied()
}

// unsupplied takes values that come from other entities out of an answer:
// servers may repeat them. A value that the user wrote in such a place stays,
// although it has no effect: it is no drift.
func (r *Resource) unsupplied(ctx context.Context, s *session.Session, in subject, sch *schema.Schema, doc map[string]any) map[string]any {
	certain, _ := r.supplied(ctx, s, in, doc)
	if len(certain) == 0 {
		return doc
	}
	written := in.document()
	if r.dynamic != "" {
		written[r.dynamic] = document.FromText(written[r.dynamic])
	}
	for _, place := range certain {
		path := schema.Dotted(place)
		held := document.OmitNulls(path.Get(written))
		if held != nil {
			held = document.CompleteValue(ctx, sch.FieldAt(path), held)
		}
		setWithin(doc, place, held)
	}
	return doc
}

// setWithin sets a value in an object that is there. It never changes elements of
// lists: those belong to the user.
func setWithin(doc map[string]any, place string, v any) {
	path := schema.Dotted(place)
	above, last := path[:len(path)-1], path[len(path)-1]
	if object, ok := above.Get(doc).(map[string]any); ok && !strings.Contains(last.Name, "[") {
		object[last.Name] = v
	}
}
