package resource

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// The filters of a list, and the objects found.
const (
	nameContains = "name_contains"
	wantedTags   = "tags"
	found        = "data"
)

// listing derives the attributes of a data source that finds many.
func (d *Source) listing() *attribute.Attribute {
	d.shown = d.object(attribute.Computed)
	// Lists have elements of one type, which dynamic values are not.
	d.shown.Children = slices.DeleteFunc(d.shown.Children, func(a *attribute.Attribute) bool { return a.Form == attribute.FormDynamic })
	root := &attribute.Attribute{
		Form:        attribute.FormObject,
		Description: fmt.Sprintf("All of the kind «%s» that match, which may be none; see `%s` for a single one.", d.Type.Title, strings.TrimSuffix(d.Name, "_list")),
	}
	add := func(a *attribute.Attribute) { root.Children = append(root.Children, a) }
	for i, p := range d.parents {
		a := &attribute.Attribute{Name: p, Form: attribute.FormString, Mode: attribute.Required, Description: "ID of the " + d.parentTitle(p) + "."}
		if i >= d.depth() {
			a.Mode, a.Description = attribute.Optional, "ID of the "+d.parentTitle(p)+". Left out, those of all are found."
		}
		add(a)
	}
	text := &attribute.Attribute{Form: attribute.FormString}
	if len(d.publicNames()) > 0 {
		add(&attribute.Attribute{Name: nameContains, Form: attribute.FormString, Mode: attribute.Optional,
			Description: "Only those with this text in what they are known by (`" + strings.Join(d.publicNames(), "`, `") + "`)."})
	}
	if d.Type.Schema().Field("tags") != nil {
		add(&attribute.Attribute{Name: wantedTags, Form: attribute.FormList, Elem: text, Mode: attribute.Optional, Description: "Only those that have all of these tags."})
	}
	add(&attribute.Attribute{Name: found, Form: attribute.FormList, Elem: d.shown, Mode: attribute.Computed, Description: "What was found."})
	return root.Seal()
}

// depth is how many parents lead to the list of all objects.
func (d *Source) depth() (n int) {
	for p := d.Type.Parent; p != nil; p = p.Parent {
		n++
	}
	return n
}

// publicNames are the fields by which people know an object and that are no secrets.
func (d *Source) publicNames() []string {
	return slices.DeleteFunc(d.Type.Names(), func(f string) bool { return isSecret(d.Type, f) })
}

// emptyFilters refuses filters that every object passes, or none.
func (d *Source) emptyFilters(in subject) (diags report.Diagnostics) {
	if in.get(nameContains) == "" {
		diags = append(diags, report.Failure(report.AttributePath(nameContains), d.invalid(), nameContains+" is empty. Leave it out to find all."))
	}
	tags, _ := schema.AsList(in.get(wantedTags))
	for i, tag := range tags {
		if tag == "" || tag == nil {
			diags = append(diags, report.Failure(report.AttributePath(wantedTags).WithElementKeyInt(i), d.invalid(), "A tag is empty, which no object has."))
		}
	}
	return diags
}

// readMany lists what matches.
func (d *Source) readMany(ctx context.Context, s *session.Session, in subject) (tftypes.Value, report.Diagnostics) {
	docs, err := d.list(ctx, s, in)
	if err != nil {
		return in.value, d.failed(ctx, s, in, err)
	}
	var out []tftypes.Value
	for _, doc := range docs {
		if !d.isOfKind(doc) || !d.passes(in, doc) {
			continue
		}
		fields, err := d.show(ctx, s, in, doc)
		if err != nil {
			return in.value, d.failed(ctx, s, in, err)
		}
		out = append(out, tftypes.NewValue(d.shown.Type, fields))
	}
	var given map[string]tftypes.Value
	if err := in.value.As(&given); err != nil {
		return in.value, d.Unreadable("configuration", err)
	}
	given[found] = tftypes.NewValue(d.root.Named(found).Type, out)
	return tftypes.NewValue(d.root.Type, given), nil
}

// list asks for all objects, or for those with the tags.
func (d *Source) list(ctx context.Context, s *session.Session, in subject) ([]map[string]any, error) {
	tags, _ := schema.AsList(in.get(wantedTags))
	var texts []string
	for _, tag := range tags {
		texts = append(texts, fmt.Sprint(tag))
	}
	// A comma and a slash are signs of the query.
	if len(texts) > 0 && !strings.ContainsAny(strings.Join(texts, ""), ",/") {
		return s.API.List(ctx, d.collection(in), url.Values{"tags": {strings.Join(texts, ",")}})
	}
	docs, _, err := s.API.Survey(ctx, d.collection(in), true)
	return docs, err
}

// passes reports whether an object passes all filters.
func (d *Source) passes(in subject, doc map[string]any) bool {
	has, _ := schema.AsList(doc["tags"])
	tags, _ := schema.AsList(in.get(wantedTags))
	for _, tag := range tags {
		if !slices.Contains(has, tag) {
			return false
		}
	}
	part := in.text(nameContains)
	return part == "" || slices.ContainsFunc(d.publicNames(), func(f string) bool {
		name, _ := doc[f].(string)
		return strings.Contains(name, part)
	})
}
