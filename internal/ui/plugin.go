package ui

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins/meaning"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// instance is a plugin as its page shows it.
type instance struct {
	Entity    map[string]any
	About     string
	Priority  int
	Tier      string
	Scopes    []reference
	Condition string
	Partials  []string // ids
	Values    []value  // what differs from the defaults first
	Unset     []value
	Code      []listingOf
	Unknown   bool // nobody knows the schema: no value is told from a default
}

// reference is an entity that another one names by its ID.
type reference struct {
	Kind, Type, ID, Name string
}

// value is one field of an effective configuration.
type value struct {
	Path   string
	Text   string // secrets are masked
	Origin origin
	About  string
}

// origin says where a value comes from.
type origin string

const (
	// written: it differs from the default. What was written and is the default
	// looks like one: a control plane stores no difference.
	written   origin = "written"
	partial   origin = "partial"
	byDefault origin = "default"
	unset     origin = "not set"
)

// onePlugin shows a plugin.
func onePlugin(v *visit) (any, error) {
	doc, err := v.get(v.member(entity.Plugin, v.PathValue("id")))
	if err != nil {
		return nil, err
	}
	name := jsonvalue.Text(doc["name"])
	p, err := v.plugin(name)
	if err != nil && !errors.Is(err, session.ErrNoPlugin) {
		return nil, err
	}
	out := instance{Entity: doc, Condition: jsonvalue.Text(doc["condition"]), Unknown: p == nil}
	for _, scope := range plugins.Scopes {
		if ref, ok := doc[scope].(map[string]any); ok {
			to, err := v.reference(entity.Named(scope+"s"), jsonvalue.Text(ref["id"]))
			if err != nil {
				return nil, err
			}
			out.Scopes = append(out.Scopes, to)
		}
	}
	var fields *schema.Schema
	if p != nil {
		fields = p.Schema
		if p.Info != nil {
			out.About, out.Tier, out.Priority = meaning.Of(p.Origin()).About, p.Info.Tier, p.Info.Priority
		}
	}
	if out.Code, err = v.code(entity.Plugin, doc, fields); err != nil {
		return nil, err
	}
	values := valuesOf(v.Context(), fields, describer(p), doc, out.linked(doc, p))
	for _, row := range values {
		if row.Origin == unset {
			out.Unset = append(out.Unset, row)
		} else {
			out.Values = append(out.Values, row)
		}
	}
	slices.SortStableFunc(out.Values, func(a, b value) int { return rank(a.Origin) - rank(b.Origin) })
	return out, nil
}

func rank(o origin) int { return slices.Index([]origin{written, partial, byDefault}, o) }

// plugin returns the schema of a plugin by its name, as the provider finds it.
func (v *visit) plugin(name string) (*plugins.Plugin, error) {
	return v.session().Plugin(v.Context(), v.plane["id"], name)
}

// describer says what a field means.
func describer(p *plugins.Plugin) func(path schema.Path, f *schema.Field) string {
	var words *meaning.Plugin
	if p != nil && !p.Custom {
		words = meaning.Of(p.Origin())
	}
	return func(path schema.Path, f *schema.Field) string {
		if words != nil {
			var names []string
			for _, step := range path {
				if step.IsKey() {
					names = append(names, step.Name)
				}
			}
			return words.Field(strings.Join(names, "."))
		}
		if f != nil {
			return f.Description
		}
		return ""
	}
}

// linked notes the partials of a plugin and returns the parts of its configuration
// that they supply.
func (i *instance) linked(doc map[string]any, p *plugins.Plugin) (places []string) {
	list, _ := doc["partials"].([]any)
	for _, e := range list {
		link, _ := e.(map[string]any)
		i.Partials = append(i.Partials, jsonvalue.Text(link["id"]))
		if path := jsonvalue.Text(link["path"]); path != "" {
			places = append(places, path)
		} else if p != nil && p.Info != nil {
			for _, all := range p.Info.Partials {
				places = append(places, all...)
			}
		}
	}
	return places
}

// valuesOf lists the fields of a configuration, each with its origin. Without a
// schema all are as they are.
func valuesOf(ctx context.Context, s *schema.Schema, about func(schema.Path, *schema.Field) string, doc map[string]any, partials []string) (out []value) {
	config := map[string]any{"config": s.WithoutFormer(doc)["config"]} // answers repeat values under old names
	s.Walk(config, func(c *schema.Cursor) bool {
		if len(c.Path) == 0 {
			return true
		}
		if c.Field != nil && c.Field.Func != nil { // a shorthand, which repeats others
			return false
		}
		if record, ok := c.Value.(map[string]any); ok && len(record) > 0 && !document.IsSecret(c.Field) && !document.LooksSecret(c.Path[len(c.Path)-1].Name) {
			return c.Field == nil || c.Field.Type == schema.Record
		}
		out = append(out, value{Path: c.Path.String(), Text: shownText(c), Origin: originOf(ctx, c, partials), About: about(c.Path, c.Field)})
		return false
	})
	return out
}

func originOf(ctx context.Context, c *schema.Cursor, partials []string) origin {
	path := c.Path.String()
	switch {
	case slices.ContainsFunc(partials, func(p string) bool { return path == p || strings.HasPrefix(path, p+".") }):
		return partial
	case c.Value == nil:
		return unset
	case c.Field != nil && document.IsDefault(ctx, c.Field, c.Value):
		return byDefault
	}
	return written
}

// shownText is a value as a person reads it, without secrets.
func shownText(c *schema.Cursor) string {
	switch {
	case c.Value == nil:
		return ""
	case isHidden(c):
		return document.Concealed
	}
	return jsonvalue.Shown(schema.Walk(c.Field, c.Value, mask))
}
