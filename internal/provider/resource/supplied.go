package resource

import (
	"context"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

func (r regular) supplied(context.Context, *session.Session, subject, map[string]any) (sure, maybe []string) {
	return nil, nil
}

// supplied are the parts of the configuration that partials supply.
func (p plugin) supplied(ctx context.Context, s *session.Session, in subject, doc map[string]any) (sure, maybe []string) {
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

// completed is a document with what the schema knows, but for what comes from
// elsewhere: that is nothing here, whatever its defaults are, and not known
// where it cannot be told yet. It is neither shown nor sent.
func (r *Resource) completed(ctx context.Context, s *session.Session, in subject, sch *schema.Schema, doc map[string]any) (map[string]any, *schema.Errors) {
	filled, errs := document.Complete(ctx, sch, doc)
	if errs != nil {
		return nil, errs
	}
	sure, maybe := r.supplied(ctx, s, in, doc)
	for _, place := range sure {
		setWithin(filled, place, nil)
	}
	for _, place := range maybe {
		if schema.Dotted(place).Get(doc) == nil {
			setWithin(filled, place, schema.Unknown)
		}
	}
	return filled, nil
}

// unsupplied takes what comes from elsewhere out of an answer, in which
// servers may repeat it.
func (r *Resource) unsupplied(ctx context.Context, s *session.Session, in subject, doc map[string]any) map[string]any {
	sure, _ := r.supplied(ctx, s, in, doc)
	for _, place := range sure {
		setWithin(doc, place, nil)
	}
	return doc
}

// setWithin sets a value in an object that is there. Elements of lists are
// nobody's but their writer's.
func setWithin(doc map[string]any, place string, v any) {
	path := schema.Dotted(place)
	above, last := path[:len(path)-1], path[len(path)-1]
	if object, ok := above.Get(doc).(map[string]any); ok && !strings.Contains(last.Name, "[") {
		object[last.Name] = v
	}
}
