package provider

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Offline is what the provider can say without Terraform and without a control
// plane, for those who read configurations as text. It knows the attributes of
// resources and data sources and judges configurations as terraform validate
// does, but points at values at any depth.
type Offline struct {
	resources map[string]*resource
	typed     map[string]string // plugins of resource types that are not served, see typedPlugin
	sources   map[string]*tfprotov6.Schema
	session   *session
}

// NewOffline returns what the provider knows by itself.
func NewOffline(ctx context.Context) (*Offline, error) {
	s := newServer("offline", nil, sync.OnceValue(bundledPlugins))
	served, err := s.frameworkServer.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	o := &Offline{resources: s.resources, typed: map[string]string{}, sources: served.DataSourceSchemas, session: unconfigured(s.bundled())}
	for _, name := range o.session.bundled.Names() {
		if resourceType := typedPrefix + attributeName(name); o.resources[resourceType] == nil {
			o.typed[resourceType] = name
		}
	}
	return o, nil
}

// ResourceTypes returns the names of all resource types.
func (o *Offline) ResourceTypes() []string {
	return append(sortedKeys(o.resources), sortedKeys(o.typed)...)
}

// Resource returns the schema of a resource type, or nil.
func (o *Offline) Resource(name string) *tfprotov6.Schema {
	r := o.resource(name)
	if r == nil {
		return nil
	}
	return r.schema()
}

// DataSourceTypes returns the names of all data sources.
func (o *Offline) DataSourceTypes() []string { return sortedKeys(o.sources) }

// DataSource returns the schema of a data source, or nil.
func (o *Offline) DataSource(name string) *tfprotov6.Schema { return o.sources[name] }

func (o *Offline) resource(name string) *resource {
	if plugin, ok := o.typed[name]; ok && o.resources[name] == nil {
		if p, ok := o.session.bundled.Lookup(plugin); ok {
			o.resources[name] = typedPlugin(name, p)
			delete(o.typed, name)
		}
	}
	return o.resources[name]
}

// Validate judges a configuration of a resource, in which unknown values stand
// for whatever the text alone does not tell.
func (o *Offline) Validate(ctx context.Context, name string, config *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error) {
	r := o.resource(name)
	if r == nil {
		return nil, fmt.Errorf("there is no resource type %s", name)
	}
	v, err := r.decode(config)
	if err != nil {
		return nil, err
	}
	return r.validate(ctx, o.session, v), nil
}

// Successor returns what took the place of an attribute that a resource once
// had, as a dotted path from where it stood, or "". Path leads there; elements
// take no step.
func (o *Offline) Successor(name string, path []string, attribute string) string {
	r := o.resource(name)
	if r == nil {
		return ""
	}
	a := r.root()
	for _, step := range path {
		if a = a.named(step); a == nil {
			return ""
		}
		for a.elem != nil {
			a = a.elem
		}
	}
	if a.record == nil {
		return ""
	}
	old := a.record.Shorthand(attribute)
	if old == nil || old.Deprecation == nil || len(old.Deprecation.ReplacedWith) == 0 {
		return ""
	}
	steps := append([]string(nil), old.Deprecation.ReplacedWith[0].Path...)
	for i, s := range steps {
		steps[i] = attributeName(s)
	}
	return strings.Join(steps, ".")
}

// typedPrefix begins the names of resource types that are for one plugin.
const typedPrefix = "konnect_gateway_plugin_"

// typedPlugin derives the resource of one plugin from its schema.
func typedPlugin(name string, p *plugins.Plugin) *resource {
	generic := pluginRow(name, "")
	at := make(map[string]fact, len(generic.facts.at))
	for path, f := range generic.facts.at {
		at[path] = f
	}
	at["name"] = fact{hidden: true}
	delete(at, "config")
	delete(at, "condition")
	delete(at, "partials")
	generic.facts.at = at
	generic.behaviour = bundledPlugin{plugin{regular{generic.typ}}, p}

	root := &attribute{form: formObject, children: []*attribute{{name: inControlPlane[0], mode: required, form: formString}}}
	root.children = append(root.children, generic.fields(p.Schema)...)
	for _, c := range root.children {
		c.loosen()
	}
	r := &resource{row: generic}
	r.once.Do(func() {
		r.tree = root.seal()
		r.block = &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{Attributes: r.tree.protocols()}}
	})
	return r
}

// loosen leaves open what a derived attribute says too narrowly: records of
// several kinds, and values of any form.
func (a *attribute) loosen() {
	if a.elem != nil {
		a.elem.loosen()
	}
	for _, c := range a.children {
		c.loosen()
	}
	kinds := map[string]*schema.Schema(nil)
	if a.record != nil {
		_, kinds = a.record.Variants()
	}
	if len(kinds) > 0 || a.field != nil && a.field.Type == schema.JSON || a.elem != nil && a.elem.form == formDynamic {
		a.form, a.elem, a.children = formDynamic, nil, nil
	}
}

// bundledPlugin is an instance of one bundled plugin.
type bundledPlugin struct {
	plugin
	of *plugins.Plugin
}

func (b bundledPlugin) judge(_ context.Context, _ *session, in subject) verdict {
	v := verdict{schema: b.of.Schema, document: in.document()}
	v.document["name"] = b.of.Name
	return v
}
