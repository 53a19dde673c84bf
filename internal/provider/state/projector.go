package state

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Projector shapes what a server holds like the prior state, so that a plan
// shows what has changed and nothing else: values that mean the same keep
// their text, their order and their type.
type Projector struct {
	Schema *schema.Schema // as in [Plan]
	// Adopting keeps what the server holds even where it is the default: the
	// configuration of an imported object may set it.
	Adopting bool
	// Instead has values that count in place of those of the answer, by the
	// names of attributes.
	Instead map[string]any
}

// State returns the state after a read. The answer is the completed document;
// a null prior means an import.
func (p Projector) State(ctx context.Context, root *attribute.Attribute, prior tftypes.Value, answer map[string]any) (tftypes.Value, error) {
	before := tfvalue.Members(prior)
	answer = root.Fields(answer)
	out := make(map[string]tftypes.Value, len(root.Children))
	for _, c := range root.Children {
		if c.Key == "" { // the address of the object, which no answer repeats
			out[c.Name] = orNull(c, before[c.Name])
			continue
		}
		if c.WriteOnly || c.Twin.IsUsed(before) {
			out[c.Name] = tftypes.NewValue(c.Type, nil)
			continue
		}
		found, ok := p.Instead[c.Name]
		if !ok {
			found = answer[c.Key]
		}
		v, err := p.value(ctx, c, before[c.Name], found)
		if err != nil {
			return tftypes.Value{}, attribute.ErrorAt(c.Key, err)
		}
		out[c.Name] = v
	}
	return tftypes.NewValue(root.Type, out), nil
}

// orNull is a value that may not be there.
func orNull(a *attribute.Attribute, v tftypes.Value) tftypes.Value {
	if v.Type() == nil {
		return tftypes.NewValue(a.Type, nil)
	}
	return v
}

func (p Projector) value(ctx context.Context, a *attribute.Attribute, prior tftypes.Value, answer any) (tftypes.Value, error) {
	if schema.IsUnknown(answer) {
		answer = nil
	}
	if a.Form == attribute.FormDynamic {
		return p.dynamic(ctx, a, prior, answer), nil
	}
	if tfvalue.IsNull(prior) {
		if p.isNothing(a, answer) {
			return tftypes.NewValue(a.Type, nil), nil
		}
	} else if document.AsStored.Same(a.Field, a.ToGo(prior), answer) {
		return prior, nil
	}
	switch {
	case a.Form == attribute.FormObject && answer != nil:
		return p.object(ctx, a, prior, answer)
	case a.Elem != nil && a.Elem.Form == attribute.FormObject && a.Form == attribute.FormMap:
		return p.mapping(ctx, a, prior, answer)
	case a.Elem != nil && a.Elem.Form == attribute.FormObject && a.Form == attribute.FormList:
		return p.list(ctx, a, prior, answer)
	case a.IsSet():
		if list, ok := answer.([]any); ok {
			before, _ := a.ToGo(prior).([]any)
			answer = document.Align(a.Field.Below(schema.Each), before, list)
		}
	}
	return a.FromGo(answer)
}

// isNothing reports whether the server holds what it would hold if the
// configuration said nothing.
func (p Projector) isNothing(a *attribute.Attribute, answer any) bool {
	switch {
	case p.Adopting && answer != nil && (a.Form == attribute.FormList || a.Form == attribute.FormSet || a.Form == attribute.FormMap):
		return false // an empty collection may have been written down
	case document.IsEmpty(answer):
		return !a.IsComputed() || a.Fallback() == nil
	case a.IsComputed() || p.Adopting:
		return false
	}
	return document.Exactly.Same(a.Field, a.Fallback(), answer)
}

func (p Projector) object(ctx context.Context, a *attribute.Attribute, prior tftypes.Value, answer any) (tftypes.Value, error) {
	fields, ok := document.AsMap(answer)
	if !ok {
		return a.FromGo(answer)
	}
	before := tfvalue.Members(prior)
	fields = withoutTranslated(ctx, a, before, a.Fields(fields))
	out := make(map[string]tftypes.Value, len(a.Children))
	for _, c := range a.Children {
		if c.Shorthand != nil {
			out[c.Name] = orNull(c, before[c.Name])
			continue
		}
		v, err := p.value(ctx, c, before[c.Name], fields[c.Key])
		if err != nil {
			return tftypes.Value{}, attribute.ErrorAt(c.Key, err)
		}
		out[c.Name] = v
	}
	return tftypes.NewValue(a.Type, out), nil
}

func (p Projector) mapping(ctx context.Context, a *attribute.Attribute, prior tftypes.Value, answer any) (tftypes.Value, error) {
	fields, ok := document.AsMap(answer)
	if !ok || answer == nil {
		return a.FromGo(answer)
	}
	before := tfvalue.Members(prior)
	out := make(map[string]tftypes.Value, len(fields))
	for k, e := range fields {
		v, err := p.value(ctx, a.Elem, before[k], e)
		if err != nil {
			return tftypes.Value{}, attribute.ErrorAt(k, err)
		}
		out[k] = v
	}
	return tftypes.NewValue(a.Type, out), nil
}

func (p Projector) list(ctx context.Context, a *attribute.Attribute, prior tftypes.Value, answer any) (tftypes.Value, error) {
	list, ok := schema.AsList(answer)
	if !ok || answer == nil {
		return a.FromGo(answer)
	}
	before := tfvalue.Elements(prior)
	out := make([]tftypes.Value, len(list))
	for i, e := range list {
		var old tftypes.Value
		if i < len(before) {
			old = before[i]
		}
		v, err := p.value(ctx, a.Elem, old, e)
		if err != nil {
			return tftypes.Value{}, attribute.ErrorAt(a.Key, err)
		}
		out[i] = v
	}
	return tftypes.NewValue(a.Type, out), nil
}
