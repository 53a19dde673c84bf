package provider

import (
	"errors"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
)

// settle replaces what a plan left unknown by what the answer holds. Known
// values stand, whatever the answer says: Terraform insists on its plan, and
// the next read shows the difference as drift.
func (a *attribute) settle(plan tftypes.Value, doc map[string]any) (tftypes.Value, error) {
	if !hasUnknown(plan) {
		return plan, nil
	}
	var errs []error
	out, doc := members(plan), a.fields(doc)
	for _, c := range a.children {
		v, err := c.settleValue(out[c.name], doc[c.key])
		errs = append(errs, within(c.key, err))
		out[c.name] = v
	}
	return tftypes.NewValue(a.typ, out), errors.Join(errs...)
}

// settleValue returns a usable value also with an error: what was stored must
// not be lost because a part of the answer cannot be read.
func (a *attribute) settleValue(plan tftypes.Value, answer any) (tftypes.Value, error) {
	switch {
	case !hasUnknown(plan):
		return plan, nil
	case a.form == formDynamic:
		return settleDynamic(plan, answer), nil
	case !plan.IsKnown():
		v, err := a.toTerraform(document.OmitNullsIn(answer))
		if err != nil {
			v = tftypes.NewValue(a.typ, nil)
		}
		return v, err
	case a.form == formObject:
		fields, _ := document.AsMap(answer)
		return a.settle(plan, fields)
	}
	var errs []error
	if a.form == formMap {
		fields, _ := document.AsMap(answer)
		out := members(plan)
		for k, e := range out {
			v, err := a.elem.settleValue(e, fields[k])
			errs = append(errs, within(k, err))
			out[k] = v
		}
		return tftypes.NewValue(a.typ, out), errors.Join(errs...)
	}
	list, _ := document.AsList(answer)
	out := elements(plan)
	for i, e := range out {
		v, err := a.elem.settleValue(e, document.ElementAt(list, i))
		errs = append(errs, err)
		out[i] = v
	}
	return tftypes.NewValue(a.typ, out), errors.Join(errs...)
}

// settleDynamic does the same below a dynamic attribute, where objects and
// tuples take the types of what they hold.
func settleDynamic(plan tftypes.Value, answer any) tftypes.Value {
	switch {
	case !hasUnknown(plan):
		return plan
	case !plan.IsKnown():
		return toDynamic(document.OmitNullsIn(answer))
	case plan.Type().Is(tftypes.Object{}):
		fields, _ := answer.(map[string]any)
		out := members(plan)
		for k, e := range out {
			out[k] = settleDynamic(e, fields[k])
		}
		return object(out)
	default:
		list, _ := answer.([]any)
		out := elements(plan)
		for i, e := range out {
			out[i] = settleDynamic(e, document.ElementAt(list, i))
		}
		return tuple(out)
	}
}
