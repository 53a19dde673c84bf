package configuration

import (
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/hcltext"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
)

// target is the object that a foreign key leads to, or nil.
func (e *exporter) target(o *object, field, id string) *object {
	for _, r := range o.resource.Type.References {
		if r.Field == field {
			return e.byAddress[address{r.Target, id}]
		}
	}
	return nil
}

// mentioned is the object whose id a text is, wherever it stands. Only what comes
// before is looked at: nothing refers to itself in the end.
func (e *exporter) mentioned(o *object, id string) *object {
	found := e.byID[id]
	if found == nil || found.order >= o.order {
		return nil
	}
	return found
}

// byOtherName are fields that name another object otherwise than by its id.
var byOtherName = []struct {
	typ    *entity.Type
	field  string
	target *entity.Type
	name   string
}{
	{entity.Service, "host", entity.Upstream, "name"},
	{entity.Plugin, "name", entity.PluginSchema, "name"},
	{entity.Plugin, "name", entity.CustomPlugin, "name"},
	{entity.Plugin, "name", entity.ClonedPlugin, "name"},
}

// reference returns the expression for a text that names another object, or "".
func (e *exporter) reference(o *object, path []string, text string) string {
	if target := e.mentioned(o, text); target != nil {
		return e.refer(target, target.own())
	}
	for _, by := range byOtherName {
		if by.typ != o.resource.Type || len(path) != 1 || path[0] != by.field {
			continue
		}
		if target := e.known()[address{by.target.Name, text}]; target != nil {
			return e.refer(target, by.name)
		}
	}
	return ""
}

// known are the objects of the configuration that others name by more than an id.
func (e *exporter) known() map[address]*object {
	if e.named == nil {
		e.named = map[address]*object{}
		for _, o := range e.objects {
			for _, by := range byOtherName {
				if o.resource.Type == by.target && o.isExported() {
					e.named[address{by.target.Name, text(o.doc[by.name])}] = o
				}
			}
		}
	}
	return e.named
}

// refer returns the expression for an attribute of another object: of its block,
// or of a data source if there is none. If there is neither, it is the text.
func (e *exporter) refer(target *object, attribute string) string {
	if target.isExported() {
		return target.name() + "." + attribute
	}
	if expression := e.lookedUp(target); expression != "" {
		return expression
	}
	return hcltext.Text(target.place[target.own()])
}

// lookedUp returns the expression for the id of an object that is not part of
// the configuration and that a data source finds by its name.
func (e *exporter) lookedUp(o *object) string {
	var body hcltext.Body
	names := o.resource.Type.Names()
	source := resource.Sources(resource.All())[o.resource.Name]
	if o.own() != "id" || len(names) == 0 || text(o.doc[names[0]]) == "" {
		return ""
	}
	switch {
	case o.resource.Type == entity.ControlPlane:
		equal := hcltext.Object([]hcltext.Entry{{Name: "eq", Value: hcltext.Text(text(o.doc["name"]))}})
		body.Set("filter", hcltext.Object([]hcltext.Entry{{Name: "name", Value: equal}}))
	case source == nil || source.Root().Named(names[0]) == nil:
		return ""
	default:
		for _, step := range o.resource.Address()[:len(o.resource.Address())-1] {
			body.Set(step.Attribute, e.parent(o, step))
		}
		body.Set(names[0], hcltext.Text(text(o.doc[names[0]])))
	}
	f := e.fileNamed(dataFile)
	if !slices.ContainsFunc(f.blocks, func(b block) bool { return b.object == o }) {
		f.blocks = append(f.blocks, block{object: o, kind: "data", body: &body})
	}
	return "data." + o.name() + ".id"
}

// parent is the expression for an attribute of an object's address.
func (e *exporter) parent(o *object, step resource.Step) string {
	id := o.place[step.Attribute]
	if target := e.byAddress[address{step.Type.Name, id}]; target != nil && target != o {
		return e.refer(target, target.own())
	}
	return hcltext.Text(id)
}
