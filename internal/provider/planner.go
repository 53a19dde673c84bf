package provider

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// planner computes planned values from the configuration itself: what is
// written stands, what is left out gets what the schema knows, and only what
// the server alone can know stays unknown. It never starts from Terraform's
// proposed state, which carries prior values for what was removed.
type planner struct {
	// schema judges the object; nil when that is not known yet, and then what
	// is left out cannot be known either.
	schema *schema.Schema
	filled map[string]any           // the completed document
	config map[string]tftypes.Value // the configuration's top level
	update bool

	// keepDynamic says that dynamic values mean what they meant before.
	keepDynamic bool
	// tolerated is set when the plan holds a value that Terraform accepts from
	// a provider only with its legacy flag; see omitted.
	tolerated bool
}

// plan returns the planned object.
func (p *planner) plan(root *attribute, config, prior tftypes.Value) tftypes.Value {
	p.config = members(config)
	p.update = !isNull(prior)
	before := members(prior)
	planned := p.members(root, p.config, before, p.filled)
	if p.update && differs(planned, before) {
		p.touch(root, planned)
	}
	return tftypes.NewValue(root.typ, planned)
}

// touch makes the time of the last change unknown.
func (p *planner) touch(root *attribute, planned map[string]tftypes.Value) {
	a := root.named("updated_at")
	if a != nil && isNull(p.config[a.name]) {
		planned[a.name] = tftypes.NewValue(a.typ, tftypes.UnknownValue)
	}
}

func differs(a, b map[string]tftypes.Value) bool {
	for k, v := range a {
		if !v.Equal(b[k]) {
			return true
		}
	}
	return false
}

func (p *planner) members(a *attribute, config, prior map[string]tftypes.Value, filled map[string]any) map[string]tftypes.Value {
	out := make(map[string]tftypes.Value, len(a.children))
	for _, c := range a.children {
		out[c.name] = p.value(c, config[c.name], prior[c.name], filled[c.key])
	}
	return out
}

func (p *planner) object(a *attribute, config, prior tftypes.Value, filled any) tftypes.Value {
	fields, _ := document.AsMap(filled)
	return tftypes.NewValue(a.typ, p.members(a, members(config), members(prior), a.fields(fields)))
}

func (p *planner) value(a *attribute, config, prior tftypes.Value, filled any) tftypes.Value {
	if !isNull(config) {
		return p.configured(a, config, prior, filled)
	}
	switch {
	case !a.isComputed():
		return p.omitted(a, prior)
	case a.form == formDynamic:
		return p.dynamic(a, prior, filled)
	case a.mirrors():
		return p.mirrored(a, prior)
	case a.served && prior.Type() == nil:
		return tftypes.NewValue(a.typ, tftypes.UnknownValue)
	case prior.Type() != nil && (a.sticky || a.served || p.schema == nil || a.madeByServer(filled) || a.keepsOlder(prior)):
		return prior
	case p.schema == nil, schema.IsUnknown(filled):
		return tftypes.NewValue(a.typ, tftypes.UnknownValue)
	case !isNull(prior) && document.IsEmpty(filled) && document.IsEmpty(a.toGo(prior)):
		return prior
	}
	if fields, ok := filled.(map[string]any); ok && a.form == formObject {
		return p.object(a, tftypes.Value{}, prior, fields)
	}
	v, err := a.toTerraform(filled)
	if err != nil {
		return tftypes.NewValue(a.typ, tftypes.UnknownValue) // a default of another type than its field
	}
	return v
}

// configured plans what the configuration says: that, or the prior value where
// it means the same.
func (p *planner) configured(a *attribute, config, prior tftypes.Value, filled any) tftypes.Value {
	switch {
	case !config.IsKnown():
		return config
	case a.form == formObject:
		return p.object(a, config, prior, filled)
	case a.elem != nil && a.elem.form == formObject:
		return p.objects(a, config, prior, filled)
	case isNull(prior) || hasUnknown(config):
		return config
	case a.form == formDynamic:
		if p.keepDynamic {
			return prior
		}
	case document.Exactly.Same(a.field, a.toGo(prior), a.toGo(config)):
		return prior
	}
	return config
}

// objects plans a collection of nested objects element by element.
func (p *planner) objects(a *attribute, config, prior tftypes.Value, filled any) tftypes.Value {
	if a.form == formMap {
		fields, _ := document.AsMap(filled)
		before, out := members(prior), members(config)
		for k, e := range out {
			out[k] = p.value(a.elem, e, before[k], fields[k])
		}
		return tftypes.NewValue(a.typ, out)
	}
	list, _ := document.AsList(filled)
	before, out := elements(prior), elements(config)
	for i, e := range out {
		out[i] = p.value(a.elem, e, a.counterpart(before, e, i), document.ElementAt(list, i))
	}
	return tftypes.NewValue(a.typ, out)
}

// counterpart finds what an element of a list was before. In sets nothing says
// which was which; where the server adds something to elements, it is the one
// of which the configuration says the same.
func (a *attribute) counterpart(before []tftypes.Value, e tftypes.Value, i int) tftypes.Value {
	if a.form == formSet {
		return tftypes.Value{}
	}
	if slices.ContainsFunc(a.elem.children, func(c *attribute) bool { return c.served }) {
		i = slices.IndexFunc(before, func(old tftypes.Value) bool { return a.elem.repeats(old, e) })
	}
	if i < 0 || i >= len(before) {
		return tftypes.Value{}
	}
	return before[i]
}

// repeats reports whether a former object has all that the configuration says
// of one.
func (a *attribute) repeats(old, config tftypes.Value) bool {
	before := members(old)
	for name, v := range members(config) {
		if !isNull(v) && !v.Equal(before[name]) {
			return false
		}
	}
	return true
}

// omitted plans an attribute that only the configuration may set and that it
// leaves out: null. There is one exception. An import reads what the server
// holds, and a configuration that leaves it out means the same when that is
// the default or nothing, or when it cannot be changed anyway. Terraform takes the prior
// value for such an attribute only from providers that ask for its legacy
// rules; without it the first plan after an import would not be empty.
func (p *planner) omitted(a *attribute, prior tftypes.Value) tftypes.Value {
	null := tftypes.NewValue(a.typ, nil)
	if isNull(prior) {
		return null
	}
	def := a.fallback()
	if a.sticky || document.Exactly.Same(a.field, def, a.toGo(prior)) {
		p.tolerated = true
		return prior
	}
	return null
}

// dynamic plans a computed dynamic value: the completed document's, with the
// values that the server once made.
func (p *planner) dynamic(a *attribute, prior tftypes.Value, filled any) tftypes.Value {
	if p.schema == nil {
		if p.keepDynamic && !isNull(prior) {
			return prior
		}
		return tftypes.NewValue(a.typ, tftypes.UnknownValue)
	}
	f := p.schema.Field(a.key)
	before := fromDynamic(prior)
	full := document.FillMade(f, document.OmitNullsIn(filled), before)
	if !isNull(prior) && !schema.HasUnknown(full) && document.Exactly.Same(f, before, full) {
		return prior
	}
	return toDynamic(full)
}

// mirrors reports whether the attribute repeats settings of the top level.
func (a *attribute) mirrors() bool {
	for _, c := range a.children {
		if c.mirror != "" {
			return true
		}
	}
	return false
}

// mirrored plans such an attribute. On create only what is configured is
// known, since the server may choose the rest.
func (p *planner) mirrored(a *attribute, prior tftypes.Value) tftypes.Value {
	before, out := members(prior), make(map[string]tftypes.Value, len(a.children))
	for _, c := range a.children {
		out[c.name] = before[c.name]
		if before == nil {
			out[c.name] = tftypes.NewValue(c.typ, tftypes.UnknownValue)
		}
		configured := c.mirror != "" && !isNull(p.config[c.mirror])
		if !configured && (c.mirror == "" || before == nil || c.sticky) {
			continue
		}
		if v, err := c.toTerraform(p.filled[c.mirror]); err == nil {
			out[c.name] = v
		}
	}
	return tftypes.NewValue(a.typ, out)
}

// madeByServer reports whether the schema leaves the value to the server.
func (a *attribute) madeByServer(filled any) bool {
	return a.field != nil && a.field.Auto && schema.IsUnknown(filled)
}

// keepsOlder reports whether a value is what used to be the default.
func (a *attribute) keepsOlder(prior tftypes.Value) bool {
	if len(a.older) == 0 || isNull(prior) {
		return false
	}
	return document.Exactly.Index(a.field, a.older, a.toGo(prior)) >= 0
}

// replacements returns the paths of changes that mean another object.
func replacements(root *attribute, prior, planned tftypes.Value) []*tftypes.AttributePath {
	if isNull(prior) {
		return nil
	}
	before, after := members(prior), members(planned)
	var out []*tftypes.AttributePath
	for _, c := range root.children {
		switch {
		case !c.replace, after[c.name].Equal(before[c.name]):
		case !c.writable() && !after[c.name].IsKnown():
			// Whether it changes shows when the value is known.
		default:
			out = append(out, tftypes.NewAttributePath().WithAttributeName(c.name))
		}
	}
	return out
}
