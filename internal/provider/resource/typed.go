package resource

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins/meaning"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wording"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// typedRows returns a row for every bundled plugin. Nothing of a plugin is
// read before its attributes are asked for.
func typedRows() []row {
	set := Bundled()
	out := make([]row, 0, len(set.Names()))
	for _, name := range set.Names() {
		out = append(out, row{
			Name:      attribute.TypedResource(name),
			Type:      entity.Plugin,
			Plugin:    name,
			behaviour: ownPlugin{plugin{regular{entity.Plugin}}, name},
		})
	}
	return out
}

// typed derives the attributes of the resource for one plugin, and says what
// it is.
func (r row) typed(root *attribute.Attribute, load loader) {
	p, err := load(r.Plugin)
	if err != nil {
		return // the tests of the plugins load all of them
	}
	words := meaning.Of(p.Name)
	r.facts = typedFacts(p, words)
	root.Description = typedSummary(p, words)
	for _, a := range r.fields(p.Schema) {
		if !isOutOfScope(p, a.Key) {
			root.Children = append(root.Children, a)
		}
	}
}

// isOutOfScope reports whether a field names an entity that the plugin cannot
// be limited to.
func isOutOfScope(p *plugins.Plugin, field string) bool {
	f := p.Schema.Field(field)
	return f.Type == schema.Foreign && !slices.Contains(p.Info.Scopes, field)
}

// typedFacts are the shapes of one plugin's resource: those that all plugins
// share, those of the published resource that no rule gives, and the versions
// that brought the fields.
func typedFacts(p *plugins.Plugin, words *meaning.Plugin) attribute.Facts {
	out := attribute.Facts{Typed: true, At: maps.Clone(pluginFacts()), Words: words.Field}
	out.At["name"] = attribute.Fact{Hidden: true}
	out.At["id"] = attribute.Fact{Mode: attribute.Optional | attribute.Computed}
	out.At["created_at"], out.At["updated_at"] = attribute.Fact{Mode: attribute.Optional | attribute.Computed}, attribute.Fact{Mode: attribute.Optional | attribute.Computed}
	out.At["instance_name"] = attribute.Fact{Mode: attribute.Optional, Description: out.At["instance_name"].Description}
	out.At["tags"] = attribute.Fact{Mode: attribute.Optional, Form: attribute.FormList}
	out.At["config"] = attribute.Fact{Description: "Configuration of the plugin."}
	for path, f := range shapes[p.Name] {
		if path == "config" {
			f.Description = out.At["config"].Description
		}
		out.At[path] = f
	}
	for path, h := range p.Info.History {
		if h.Since == "" {
			continue
		}
		path = attributePathOf(path)
		f := out.At[path]
		f.Since = h.Since
		out.At[path] = f
	}
	return out
}

// attributePathOf takes the steps into elements and values out of a path of
// the catalog.
func attributePathOf(path string) string {
	return withoutSteps.Replace(path)
}

var withoutSteps = strings.NewReplacer("[]", "", ".{}", "", "{}", "", "(", ".", ")", "")

// ownPlugin is an instance of one bundled plugin.
type ownPlugin struct {
	plugin
	name string
}

func (t ownPlugin) judge(_ context.Context, s *session.Session, in subject) candidate {
	c := candidate{subject: in, doc: in.document(), tolerant: true}
	c.doc["name"] = t.name
	p, err := s.Bundled.Load(t.name)
	if err != nil {
		c.problems = report.Diagnostics{report.Failure(nil, "Unable to read the schema of plugin "+t.name, wording.Sentence(err.Error()))}
		return c
	}
	in.root.Faults(in.value, func(at *tftypes.AttributePath, text string) {
		c.problems = append(c.problems, report.Failure(at, "Invalid gateway plugin", text))
	})
	if report.HasErrors(c.problems) {
		return c
	}
	c.schema = s.Schema(p)
	dropEmptyConfig(c)
	c.problems = report.Outdated(c.locator(), c.schema, c.doc)
	return c
}

func (t ownPlugin) former(ctx context.Context, s *session.Session, in subject, _ map[string]any) map[string][]any {
	return t.plugin.former(ctx, s, in, map[string]any{"name": t.name})
}

// answered refuses an instance of another plugin: an import could name one.
func (t ownPlugin) answered(ctx context.Context, s *session.Session, in subject, doc map[string]any) (*schema.Schema, map[string]any, error) {
	if doc["name"] != t.name {
		return nil, nil, fmt.Errorf("it is an instance of the plugin %q, which is another resource: %s",
			doc["name"], attribute.TypedResource(fmt.Sprint(doc["name"])))
	}
	return t.plugin.answered(ctx, s, in, doc)
}

// ConfigOf is the attribute with the configuration in the plugin's own
// resource, or nil.
func ConfigOf(name string) *attribute.Attribute {
	r := All()[attribute.TypedResource(name)]
	if r == nil {
		return nil
	}
	return r.Root().Named("config")
}

// PluginResources returns the resource types that are for one plugin each, with
// their plugins.
func PluginResources() map[string]string {
	out := map[string]string{}
	for name, r := range All() {
		if r.Plugin != "" {
			out[name] = r.Plugin
		}
	}
	return out
}
