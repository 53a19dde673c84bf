package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

//go:generate go run ./exemplify

// typedPrefix begins the names of the resource types that are for one
// plugin each.
const typedPrefix = "konnect_gateway_plugin_"

// typedRows returns a row for every bundled plugin. Nothing of a plugin is
// read before its attributes are asked for.
func typedRows() []row {
	set := bundledPlugins()
	out := make([]row, 0, len(set.Names()))
	for _, name := range set.Names() {
		out = append(out, row{
			name:      typedPrefix + attributeName(name),
			typ:       entity.Plugin,
			parents:   inControlPlane,
			plugin:    name,
			behaviour: ownPlugin{plugin{regular{entity.Plugin}}, name},
		})
	}
	return out
}

// typed derives the attributes of the resource for one plugin, and says what
// it is.
func (r row) typed(root *attribute, set *plugins.Set) {
	p, err := set.Load(r.plugin)
	if err != nil {
		return // the tests of the plugins rule it out
	}
	r.facts = typedFacts(p)
	root.description = typedSummary(p)
	for _, a := range r.fields(p.Schema) {
		if !isOutOfScope(p, a.key) {
			root.children = append(root.children, a)
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
func typedFacts(p *plugins.Plugin) facts {
	out := facts{typed: true, at: maps.Clone(pluginFacts())}
	out.at["name"] = fact{hidden: true}
	out.at["id"] = fact{mode: optional | computed}
	out.at["created_at"], out.at["updated_at"] = fact{mode: optional | computed}, fact{mode: optional | computed}
	out.at["instance_name"] = fact{mode: optional, description: out.at["instance_name"].description}
	out.at["tags"] = fact{mode: optional, reform: true, form: formList}
	out.at["config"] = fact{description: "Configuration of the plugin."}
	for path, f := range shapes[p.Name] {
		if path == "config" {
			f.description = out.at["config"].description
		}
		out.at[path] = f
	}
	for path, h := range p.Info.History {
		if h.Since == "" {
			continue
		}
		path = attributePathOf(path)
		f := out.at[path]
		f.since = h.Since
		out.at[path] = f
	}
	return out
}

// attributePathOf takes the steps into elements and values out of a path of
// the catalog.
func attributePathOf(path string) string {
	return withoutSteps.Replace(path)
}

var withoutSteps = strings.NewReplacer("[]", "", ".{}", "", "{}", "", "(", ".", ")", "")

func typedSummary(p *plugins.Plugin) string {
	return fmt.Sprintf("An instance of the plugin `%s`. ", p.Name) +
		"Terraform drops keys of `config` that it does not know before the provider sees them, so that a mistyped key goes unnoticed. " +
		"Keys are checked by `konnect_gateway_plugin`, by the function `plugin_config`, as in " +
		fmt.Sprintf("`config = provider::konnect::plugin_config(\"%s\", { … })`, and by `terraform-provider-konnect lint`.", p.Name)
}

// ownPlugin is an instance of one bundled plugin.
type ownPlugin struct {
	plugin
	name string
}

func (t ownPlugin) judge(_ context.Context, s *session, in subject) verdict {
	v := verdict{document: in.document(), tolerant: true}
	v.document["name"] = t.name
	p, err := s.bundled.Load(t.name)
	if err != nil {
		v.problems = diagnostics{failure(nil, "Unable to read the schema of plugin "+t.name, sentence(err.Error()))}
		return v
	}
	v.problems = in.root.faults(in.value)
	if hasErrors(v.problems) {
		return v
	}
	v.schema = p.Schema
	dropEmptyConfig(v)
	v.problems = outdated(locator{root: in.root, config: in.value, schema: v.schema}, v.schema, v.document)
	return v
}

// answered refuses an instance of another plugin: an import could name one.
func (t ownPlugin) answered(ctx context.Context, s *session, in subject, doc map[string]any) (*schema.Schema, map[string]any, error) {
	if doc["name"] != t.name {
		return nil, nil, fmt.Errorf("it is an instance of the plugin %q, which is another resource: %s%s",
			doc["name"], typedPrefix, attributeName(fmt.Sprint(doc["name"])))
	}
	return t.plugin.answered(ctx, s, in, doc)
}

// faults judges what only the resource's attributes can be wrong about, and no
// document: text that is to be JSON, and records of several kinds at once.
func (a *attribute) faults(v tftypes.Value) diagnostics {
	var out diagnostics
	a.eachFault(v, tftypes.NewAttributePath(), "", func(at *tftypes.AttributePath, text string) {
		out = append(out, failure(at, "Invalid gateway plugin", text))
	})
	return out
}

func (a *attribute) eachFault(v tftypes.Value, at *tftypes.AttributePath, place string, found func(*tftypes.AttributePath, string)) {
	if isNull(v) || !v.IsKnown() || !a.mayBeFaulty {
		return
	}
	switch a.form {
	case formObject:
		fields := members(v)
		if text := a.kindFault(fields); text != "" {
			found(at, place+": "+text)
		}
		for _, c := range a.children {
			c.eachFault(fields[c.name], at.WithAttributeName(c.name), join(place, c.name), found)
		}
	case formList:
		for i, e := range elements(v) {
			a.elem.eachFault(e, at.WithElementKeyInt(i), fmt.Sprintf("%s[%d]", place, i), found)
		}
	case formMap:
		fields := members(v)
		for _, k := range slices.Sorted(maps.Keys(fields)) {
			a.elem.eachFault(fields[k], at.WithElementKeyString(k), join(place, k), found)
		}
	case formString:
		text, _ := fromDynamic(v).(string)
		if _, ok := document.DecodeJSON(text); !ok {
			found(at, place+": the text is not JSON. Wanted is jsonencode of the value.")
		}
	}
}

// kindFault says that a record is of no kind, or of more than one.
func (a *attribute) kindFault(fields map[string]tftypes.Value) string {
	if a.kind == "" {
		return ""
	}
	var names, given []string
	for _, c := range a.children {
		names = append(names, c.name)
		if !isNull(fields[c.name]) {
			given = append(given, c.name)
		}
	}
	switch len(given) {
	case 0:
		return "no kind is given. Wanted is one of " + strings.Join(names, ", ") + "."
	case 1:
		return ""
	}
	return "it is given as " + strings.Join(given, " and ") + ". Wanted is one of them: make an element of each."
}

// Shape returns a document as a value of a resource's type: under the names of
// its attributes and in their forms. What the document lacks is null.
func Shape(resourceType string, doc map[string]any) (tftypes.Value, error) {
	r := resources()[resourceType]
	if r == nil {
		return tftypes.Value{}, fmt.Errorf("there is no resource type %s", resourceType)
	}
	return r.root().toTerraform(doc)
}

// PluginResources returns the resource types that are for one plugin each, and
// of which.
func PluginResources() map[string]string {
	out := map[string]string{}
	for name, r := range resources() {
		if r.plugin != "" {
			out[name] = r.plugin
		}
	}
	return out
}
