package resource

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wording"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// unlocated is a name that leads to no object, or to several.
type unlocated struct{ summary, text string }

func (e unlocated) Error() string { return e.text }

// unlocated says why an address leads nowhere.
func (r *Resource) unlocated(ctx context.Context, s *session.Session, address tftypes.Value, err error) report.Diagnostics {
	if e, ok := errors.AsType[unlocated](err); ok {
		return report.Diagnostics{report.Failure(nil, e.summary, e.text)}
	}
	return r.refused(ctx, s, "import", write{candidate: candidate{subject: r.subject(address)}}, err)
}

// locate turns the names of an address into ids, from the root down.
func (r *Resource) locate(ctx context.Context, s *session.Session, places []place) (map[string]string, error) {
	ids, way := map[string]string{}, []place{}
	for _, p := range places {
		if p.byName() {
			id, err := r.find(ctx, s, p, way)
			if err != nil {
				return ids, err
			}
			p.text, p.field = id, ""
		}
		ids[p.Attribute] = p.text
		way = append(way, p)
	}
	return ids, nil
}

// byName reports whether the text is not the address itself.
func (p place) byName() bool {
	return p.Type.Address() == "id" && (p.field != "" || !schema.IsUUID(p.text))
}

// find returns the id of the one object that has a name.
func (r *Resource) find(ctx context.Context, s *session.Session, p place, way []place) (string, error) {
	if _, err := s.Client(); err != nil {
		return "", err
	}
	in := client.Ref{Type: p.Type}
	for _, above := range way[:len(p.Type.Owners())] {
		in.Parents = append(in.Parents, above.text)
	}
	fields := p.Type.Names()
	if p.field != "" {
		fields = []string{p.field}
	}
	where := whereabouts(way[:len(in.Parents)])
	if len(fields) == 0 {
		return "", unlocated{"Invalid import ID", fmt.Sprintf("A %s has nothing but its ID to address it by, and %q is none.%s", p.Type.Title, p.text, r.present(ctx, s, in))}
	}
	docs, err := s.Named(ctx, in, fields, p.text)
	if err != nil {
		return "", err
	}
	if p.Type == r.Type {
		docs = slices.DeleteFunc(slices.Clone(docs), func(doc map[string]any) bool { return !r.isOfKind(doc) })
	}
	what := fmt.Sprintf("%s with the %s %s%s", r.titleOf(p.Type), strings.Join(fields, " or "), shownName(p.Type, fields, p.text), where)
	switch len(docs) {
	case 1:
		id, _ := docs[0][p.Type.ID].(string)
		return id, nil
	case 0:
		return "", unlocated{"Nothing to import", fmt.Sprintf("There is no %s.%s", what, r.present(ctx, s, in))}
	}
	var which []string
	for _, doc := range docs {
		which = append(which, "  "+describe(p.Type, doc))
	}
	return "", unlocated{"Which one to import", fmt.Sprintf("There are %d: each is a %s.\n\n%s\n\nWrite the ID of the one that is meant in place of the name.",
		len(docs), what, strings.Join(which, "\n"))}
}

// isOfKind reports whether a document is one that this resource is for: a
// collection may hold several kinds.
func (r *Resource) isOfKind(doc map[string]any) bool {
	switch {
	case r.Plugin != "":
		return doc["name"] == r.Plugin
	case r.Type == entity.Route:
		return doc["expression"] == nil
	case r.Type == entity.RouteExpression:
		return doc["expression"] != nil
	}
	return true
}

// titleOf names what is looked for.
func (r *Resource) titleOf(t *entity.Type) string {
	if t == r.Type && r.Plugin != "" {
		return r.Plugin + " plugin"
	}
	return t.Title
}

// whereabouts are the places above an object.
func whereabouts(way []place) string {
	var text strings.Builder
	for _, p := range way {
		fmt.Fprintf(&text, " in the %s %s", p.Type.Title, p.text)
	}
	return text.String()
}

// shownName repeats a name, unless it is a secret.
func shownName(t *entity.Type, fields []string, name string) string {
	if slices.ContainsFunc(fields, func(f string) bool { return isSecret(t, f) }) {
		return "that was given"
	}
	return fmt.Sprintf("%q", name)
}

func isSecret(t *entity.Type, field string) bool {
	f := t.Schema().Field(field)
	return f != nil && document.IsSecret(f)
}

// present says what is there instead, as far as one request tells.
func (r *Resource) present(ctx context.Context, s *session.Session, in client.Ref) string {
	docs, whole, err := s.API.Survey(ctx, in, false)
	if err != nil {
		return " " + wording.Sentence(err.Error())
	}
	var names []string
	for _, doc := range docs {
		if in.Type != r.Type || r.isOfKind(doc) {
			names = append(names, describe(in.Type, doc))
		}
	}
	if len(names) == 0 {
		if whole {
			return " There is none."
		}
		return ""
	}
	slices.Sort(names)
	return " There are: " + wording.List(names, mostNames) + "."
}

const mostNames = 20

// describe names an object for people: by what it is known by, or else by its id.
func describe(t *entity.Type, doc map[string]any) string {
	text := nameIn(t, doc)
	id, _ := doc[t.Address()].(string)
	switch {
	case text == "":
		text = "ID " + id
	case text != id:
		text += " (ID " + id + ")"
	}
	if t == entity.Plugin {
		text += " " + scopeOf(doc)
	}
	return text
}

// nameIn is what a person knows an object by, or "". It is no secret.
func nameIn(t *entity.Type, doc map[string]any) string {
	for _, f := range t.Names() {
		if text, ok := doc[f].(string); ok && text != "" && !isSecret(t, f) && !slices.Contains(t.Computed, f) {
			return text
		}
	}
	return ""
}
