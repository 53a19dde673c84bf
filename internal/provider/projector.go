package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// projector shapes what a server holds like the prior state, so that a plan
// shows what has changed and nothing else: values that mean the same keep
// their text, their order and their type.
type projector struct {
	schema *schema.Schema // as in planner
	// adopting takes over what the server holds even where it is the default,
	// for attributes that only a configuration may set: it may well set them.
	adopting bool
}

// state returns the state after a read. The answer is the completed document;
// a null prior means an import.
func (p projector) state(ctx context.Context, root *attribute, prior tftypes.Value, answer map[string]any) (tftypes.Value, error) {
	before := members(prior)
	out := make(map[string]tftypes.Value, len(root.children))
	for _, c := range root.children {
		if c.key == "" { // the address of the object, which no answer repeats
			out[c.name] = orNull(c, before[c.name])
			continue
		}
		v, err := p.value(ctx, c, before[c.name], answer[c.key])
		if err != nil {
			return tftypes.Value{}, within(c.key, err)
		}
		out[c.name] = v
	}
	return tftypes.NewValue(root.typ, out), nil
}

// orNull is a value that may not be there.
func orNull(a *attribute, v tftypes.Value) tftypes.Value {
	if v.Type() == nil {
		return tftypes.NewValue(a.typ, nil)
	}
	return v
}

func (p projector) value(ctx context.Context, a *attribute, prior tftypes.Value, answer any) (tftypes.Value, error) {
	if schema.IsUnknown(answer) {
		answer = nil
	}
	if a.form == formDynamic {
		return p.dynamic(ctx, a, prior, answer), nil
	}
	if isNull(prior) {
		if p.isNothing(a, answer) {
			return tftypes.NewValue(a.typ, nil), nil
		}
	} else if document.AsStored.Same(a.field, a.toGo(prior), answer) {
		return prior, nil
	}
	switch {
	case a.form == formObject && answer != nil:
		return p.object(ctx, a, prior, answer)
	case a.elem != nil && a.elem.form == formObject && a.form == formMap:
		return p.mapping(ctx, a, prior, answer)
	case a.elem != nil && a.elem.form == formObject && a.form == formList:
		return p.list(ctx, a, prior, answer)
	case a.isSet():
		if list, ok := answer.([]any); ok {
			before, _ := a.toGo(prior).([]any)
			answer = document.Align(document.ElementOf(a.field), before, list)
		}
	}
	return a.toTerraform(answer)
}

// isNothing reports whether the server holds no more than what comes of saying
// nothing.
func (p projector) isNothing(a *attribute, answer any) bool {
	switch {
	case p.adopting && answer != nil && (a.form == formList || a.form == formSet || a.form == formMap):
		return false // an empty collection may have been written down
	case document.IsEmpty(answer):
		return !a.isComputed() || a.fallback() == nil
	case a.isComputed() || p.adopting:
		return false
	}
	return document.Exactly.Same(a.field, a.fallback(), answer)
}

func (p projector) object(ctx context.Context, a *attribute, prior tftypes.Value, answer any) (tftypes.Value, error) {
	fields, ok := document.AsMap(answer)
	if !ok {
		return a.toTerraform(answer)
	}
	before := members(prior)
	fields = a.withoutTranslated(ctx, before, a.fields(fields))
	out := make(map[string]tftypes.Value, len(a.children))
	for _, c := range a.children {
		if c.shorthand != nil {
			out[c.name] = orNull(c, before[c.name])
			continue
		}
		v, err := p.value(ctx, c, before[c.name], fields[c.key])
		if err != nil {
			return tftypes.Value{}, within(c.key, err)
		}
		out[c.name] = v
	}
	return tftypes.NewValue(a.typ, out), nil
}

func (p projector) mapping(ctx context.Context, a *attribute, prior tftypes.Value, answer any) (tftypes.Value, error) {
	fields, ok := document.AsMap(answer)
	if !ok || answer == nil {
		return a.toTerraform(answer)
	}
	before := members(prior)
	out := make(map[string]tftypes.Value, len(fields))
	for k, e := range fields {
		v, err := p.value(ctx, a.elem, before[k], e)
		if err != nil {
			return tftypes.Value{}, within(k, err)
		}
		out[k] = v
	}
	return tftypes.NewValue(a.typ, out), nil
}

func (p projector) list(ctx context.Context, a *attribute, prior tftypes.Value, answer any) (tftypes.Value, error) {
	list, ok := document.AsList(answer)
	if !ok || answer == nil {
		return a.toTerraform(answer)
	}
	before := elements(prior)
	out := make([]tftypes.Value, len(list))
	for i, e := range list {
		var old tftypes.Value
		if i < len(before) {
			old = before[i]
		}
		v, err := p.value(ctx, a.elem, old, e)
		if err != nil {
			return tftypes.Value{}, within(a.key, err)
		}
		out[i] = v
	}
	return tftypes.NewValue(a.typ, out), nil
}
