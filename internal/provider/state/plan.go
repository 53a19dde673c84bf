// Package state computes the values that Terraform keeps: what a plan promises
// ([Plan], [Replacements]), what comes of it ([Resolve]), what a read finds
// ([Projector]), and the configuration that a state comes from
// ([Configuration]).
//
// All of it is computed from values, documents and schemas. The package does
// not know entities, the client, or what judges a configuration.
package state

import (
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Plan computes planned values from the configuration itself: values that are
// written stand, omitted ones get what the schema knows, and only what the
// server alone can know stays unknown. It never starts from Terraform's
// proposed state, which carries prior values for what was removed.
type Plan struct {
	// Schema judges the object; nil when that is not known yet, and then what
	// is left out cannot be known either.
	Schema *schema.Schema
	Filled map[string]any           // the completed document
	config map[string]tftypes.Value // the configuration's top level
	update bool

	// Derive adds what follows from other planned values, if it is set.
	Derive func(planned, prior map[string]tftypes.Value)
	// KeepDynamic says that dynamic values mean what they meant before.
	KeepDynamic bool
	// Tolerated is set when the plan holds a value that Terraform accepts from
	// a provider only with its legacy flag; see omitted.
	Tolerated bool
}

// Value returns the planned object.
func (p *Plan) Value(root *attribute.Attribute, config, prior tftypes.Value) tftypes.Value {
	p.config = tfvalue.Members(config)
	p.update = !tfvalue.IsNull(prior)
	before := tfvalue.Members(prior)
	planned := p.members(root, p.config, before, root.Fields(p.Filled))
	if p.Derive != nil {
		p.Derive(planned, before)
	}
	if p.update {
		if tfvalue.SameMembers(planned, before) {
			return prior
		}
		p.touch(root, p.config, planned)
	}
	return tftypes.NewValue(root.Type, planned)
}

// touch makes the time of the last change unknown.
func (p *Plan) touch(root *attribute.Attribute, config, planned map[string]tftypes.Value) {
	a := root.Named("updated_at")
	if a != nil && tfvalue.IsNull(config[a.Name]) {
		planned[a.Name] = tftypes.NewValue(a.Type, tftypes.UnknownValue)
	}
	for _, c := range root.Children {
		if v := planned[c.Name]; c.OfKind && !tfvalue.IsNull(v) && v.IsKnown() {
			part := maps.Clone(tfvalue.Members(v))
			p.touch(c, tfvalue.Members(config[c.Name]), part)
			planned[c.Name] = tftypes.NewValue(c.Type, part)
		}
	}
}

func (p *Plan) members(a *attribute.Attribute, config, prior map[string]tftypes.Value, filled map[string]any) map[string]tftypes.Value {
	out := make(map[string]tftypes.Value, len(a.Children))
	for _, c := range a.Children {
		before := prior[c.Name]
		switch {
		case c.WriteOnly, c.Twin.IsUsed(config) && tfvalue.IsNull(config[c.Name]):
			out[c.Name] = tftypes.NewValue(c.Type, nil) // although the document has it
			continue
		case c.Twin.IsUsed(prior):
			before = tftypes.Value{} // there is one, and nobody knows it
		}
		out[c.Name] = p.value(c, config[c.Name], before, filled[c.Key])
	}
	return out
}

func (p *Plan) object(a *attribute.Attribute, config, prior tftypes.Value, filled any) tftypes.Value {
	fields, _ := document.AsMap(filled)
	before := tfvalue.Members(prior)
	planned := p.members(a, tfvalue.Members(config), before, a.Fields(fields))
	if before != nil && tfvalue.SameMembers(planned, before) {
		return prior // which whoever compares sees at once
	}
	return tftypes.NewValue(a.Type, planned)
}

func (p *Plan) value(a *attribute.Attribute, config, prior tftypes.Value, filled any) tftypes.Value {
	if !tfvalue.IsNull(config) {
		return p.configured(a, config, prior, filled)
	}
	switch {
	case !a.IsComputed():
		return p.omitted(a, prior, filled)
	case a.Form == attribute.FormDynamic:
		return p.dynamic(a, prior, filled)
	case mirrors(a):
		return p.mirrored(a, prior)
	case a.Served && prior.Type() == nil:
		return tftypes.NewValue(a.Type, tftypes.UnknownValue)
	case prior.Type() != nil && (a.Sticky || a.Served || p.Schema == nil || leftToServer(a, filled)):
		return prior
	case p.Schema == nil, schema.IsUnknown(filled):
		return tftypes.NewValue(a.Type, tftypes.UnknownValue)
	case !tfvalue.IsNull(prior) && document.IsEmpty(filled) && document.IsEmpty(a.ToGo(prior)), isReordered(a, prior, filled):
		return prior
	}
	if fields, ok := filled.(map[string]any); ok && a.Form == attribute.FormObject {
		return p.object(a, tftypes.Value{}, prior, fields)
	}
	v, err := a.FromGo(filled)
	if err != nil {
		return tftypes.NewValue(a.Type, tftypes.UnknownValue) // a default of another type than its field
	}
	return v
}

// configured plans what the configuration says: that, or the prior value where
// it means the same.
func (p *Plan) configured(a *attribute.Attribute, config, prior tftypes.Value, filled any) tftypes.Value {
	switch {
	case a.IsNotedTime() && !tfvalue.IsNull(prior):
		return prior
	case !config.IsKnown():
		return config
	case a.Form == attribute.FormObject:
		return p.object(a, config, prior, filled)
	case a.Elem != nil && a.Elem.Form == attribute.FormObject:
		if a.IsSet() && !tfvalue.IsNull(prior) && !tfvalue.HasUnknown(config) && document.Exactly.Same(a.Field, a.ToGo(prior), a.ToGo(config)) {
			return prior // in an order of its own, as after an import
		}
		return p.objects(a, config, prior, filled)
	case tfvalue.IsNull(prior) || tfvalue.HasUnknown(config):
		return config
	case a.Form == attribute.FormDynamic:
		if p.KeepDynamic {
			return prior
		}
	case document.Exactly.Same(a.Field, a.ToGo(prior), a.ToGo(config)):
		return prior
	}
	return config
}

// objects plans a collection of nested objects element by element.
func (p *Plan) objects(a *attribute.Attribute, config, prior tftypes.Value, filled any) tftypes.Value {
	if a.Form == attribute.FormMap {
		fields, _ := document.AsMap(filled)
		before, out := tfvalue.Members(prior), maps.Clone(tfvalue.Members(config))
		for k, e := range out {
			out[k] = p.value(a.Elem, e, before[k], fields[k])
		}
		return tftypes.NewValue(a.Type, out)
	}
	list, _ := schema.AsList(filled)
	before, out := tfvalue.Elements(prior), slices.Clone(tfvalue.Elements(config))
	for i, e := range out {
		out[i] = p.value(a.Elem, e, counterpart(a, before, e, i), document.ElementAt(list, i))
	}
	return tftypes.NewValue(a.Type, out)
}

// counterpart finds what an element of a list was before. Elements of sets have
// no counterpart. Where the server adds something to elements, the counterpart
// is the one of which the configuration says the same.
func counterpart(a *attribute.Attribute, before []tftypes.Value, e tftypes.Value, i int) tftypes.Value {
	if a.Form == attribute.FormSet {
		return tftypes.Value{}
	}
	if slices.ContainsFunc(a.Elem.Children, func(c *attribute.Attribute) bool { return c.Served }) {
		i = slices.IndexFunc(before, func(old tftypes.Value) bool { return repeats(old, e) })
	}
	if i < 0 || i >= len(before) {
		return tftypes.Value{}
	}
	return before[i]
}

// repeats reports whether a former object has all that the configuration says
// of one.
func repeats(old, config tftypes.Value) bool {
	before := tfvalue.Members(old)
	for name, v := range tfvalue.Members(config) {
		if !tfvalue.IsNull(v) && !tfvalue.Same(v, before[name]) {
			return false
		}
	}
	return true
}

// omitted plans an attribute that only the configuration may set, and that it
// leaves out: null. There is one exception. An import reads what the server
// holds, and so did the published provider. If that is the default, of now or of
// then, or cannot be changed, leaving it out means the same, and the prior value stays: otherwise the first plan after an import
// would not be empty. Terraform allows that only to providers that ask for its
// legacy rules.
func (p *Plan) omitted(a *attribute.Attribute, prior tftypes.Value, filled any) tftypes.Value {
	null := tftypes.NewValue(a.Type, nil)
	if tfvalue.IsNull(prior) {
		return null
	}
	def := a.Fallback()
	if filled != nil && !schema.IsUnknown(filled) {
		def = filled // the object has a default of its own
	}
	if a.Sticky || document.Exactly.Same(a.Field, def, a.ToGo(prior)) {
		p.Tolerated = true
		return prior
	}
	return null
}

// dynamic plans a computed dynamic value: what may be shown of the completed
// document's, with the values that the server once made.
func (p *Plan) dynamic(a *attribute.Attribute, prior tftypes.Value, filled any) tftypes.Value {
	if p.Schema == nil {
		if p.KeepDynamic && !tfvalue.IsNull(prior) {
			return prior
		}
		return tftypes.NewValue(a.Type, tftypes.UnknownValue)
	}
	f := p.Schema.Field(a.Key)
	before := tfvalue.ToGo(prior)
	full := document.Conceal(f, document.FillMade(f, document.OmitNulls(filled), before))
	if !tfvalue.IsNull(prior) && !schema.HasUnknown(full) && document.Exactly.Same(f, before, full) {
		return prior
	}
	return tfvalue.FromGo(full)
}

// mirrors reports whether the attribute repeats settings of the top level.
func mirrors(a *attribute.Attribute) bool {
	for _, c := range a.Children {
		if c.Mirror != "" {
			return true
		}
	}
	return false
}

// mirrored plans such an attribute. On create only what is configured is
// known, since the server may choose the rest.
func (p *Plan) mirrored(a *attribute.Attribute, prior tftypes.Value) tftypes.Value {
	before, out := tfvalue.Members(prior), make(map[string]tftypes.Value, len(a.Children))
	for _, c := range a.Children {
		out[c.Name] = before[c.Name]
		if before == nil {
			out[c.Name] = tftypes.NewValue(c.Type, tftypes.UnknownValue)
		}
		configured := c.Mirror != "" && !tfvalue.IsNull(p.config[c.Mirror])
		if !configured && (c.Mirror == "" || before == nil || c.Sticky) {
			continue
		}
		if v, err := c.FromGo(p.Filled[c.Mirror]); err == nil {
			out[c.Name] = v
		}
	}
	return tftypes.NewValue(a.Type, out)
}

// isReordered reports whether a value is the default in another order, such as
// other clients send it.
func isReordered(a *attribute.Attribute, prior tftypes.Value, filled any) bool {
	def, ok := filled.([]any)
	if !ok || a.Form != attribute.FormList || tfvalue.IsNull(prior) {
		return false
	}
	held, _ := a.ToGo(prior).([]any)
	return document.Exactly.SameMembers(a.Field, def, held)
}

// leftToServer reports whether the schema leaves the value to the server.
func leftToServer(a *attribute.Attribute, filled any) bool {
	return a.Field != nil && a.Field.Auto && schema.IsUnknown(filled)
}

// Replacements returns the paths of changes that mean another object.
func Replacements(root *attribute.Attribute, prior, planned tftypes.Value) []*tftypes.AttributePath {
	if tfvalue.IsNull(prior) {
		return nil
	}
	before, after := tfvalue.Members(prior), tfvalue.Members(planned)
	var out []*tftypes.AttributePath
	for _, c := range root.Children {
		switch {
		case !c.Replace && !remakes(c, before[c.Name], after[c.Name]), tfvalue.Same(after[c.Name], before[c.Name]):
		case !c.Writable() && !after[c.Name].IsKnown():
			// Nobody knows yet whether it changes.
		default:
			out = append(out, tftypes.NewAttributePath().WithAttributeName(c.Name))
		}
	}
	return out
}

// remakes reports whether an object of several kinds becomes one of another kind,
// or changes in what makes it another one within its kind.
func remakes(kind *attribute.Attribute, before, after tftypes.Value) bool {
	if !kind.OfKind || !after.IsKnown() {
		return false
	}
	return tfvalue.IsNull(before) != tfvalue.IsNull(after) || !tfvalue.IsNull(after) && len(Replacements(kind, before, after)) > 0
}
