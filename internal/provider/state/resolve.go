package state

import (
	"errors"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Resolve replaces what a plan left unknown by what the answer holds. Known
// values stand, whatever the answer says: Terraform insists on its plan, and
// the next read shows the difference as drift.
func Resolve(a *attribute.Attribute, plan tftypes.Value, doc map[string]any) (tftypes.Value, error) {
	if !tfvalue.HasUnknown(plan) {
		return plan, nil
	}
	var errs []error
	out, doc := maps.Clone(tfvalue.Members(plan)), a.Fields(doc)
	for _, c := range a.Children {
		v, err := resolveValue(c, out[c.Name], doc[c.Key])
		errs = append(errs, attribute.ErrorAt(c.Key, err))
		out[c.Name] = v
	}
	return tftypes.NewValue(a.Type, out), errors.Join(errs...)
}

// resolveValue returns a usable value also with an error: what was stored must
// not be lost because a part of the answer cannot be read.
func resolveValue(a *attribute.Attribute, plan tftypes.Value, answer any) (tftypes.Value, error) {
	switch {
	case !tfvalue.HasUnknown(plan):
		return plan, nil
	case a.Form == attribute.FormDynamic:
		return resolveDynamic(plan, answer), nil
	case !plan.IsKnown():
		v, err := a.FromGo(document.OmitNulls(answer))
		if err != nil {
			v = tftypes.NewValue(a.Type, nil)
		}
		return v, err
	case a.Form == attribute.FormObject:
		fields, _ := document.AsMap(answer)
		return Resolve(a, plan, fields)
	}
	var errs []error
	if a.Form == attribute.FormMap {
		fields, _ := document.AsMap(answer)
		out := maps.Clone(tfvalue.Members(plan))
		for k, e := range out {
			v, err := resolveValue(a.Elem, e, fields[k])
			errs = append(errs, attribute.ErrorAt(k, err))
			out[k] = v
		}
		return tftypes.NewValue(a.Type, out), errors.Join(errs...)
	}
	list, _ := schema.AsList(answer)
	out := slices.Clone(tfvalue.Elements(plan))
	for i, e := range out {
		v, err := resolveValue(a.Elem, e, document.ElementAt(list, i))
		errs = append(errs, err)
		out[i] = v
	}
	return tftypes.NewValue(a.Type, out), errors.Join(errs...)
}

// resolveDynamic does the same below a dynamic attribute, where objects and
// tuples take the types of what they hold.
func resolveDynamic(plan tftypes.Value, answer any) tftypes.Value {
	switch {
	case !tfvalue.HasUnknown(plan):
		return plan
	case !plan.IsKnown():
		return tfvalue.FromGo(document.OmitNulls(answer))
	case plan.Type().Is(tftypes.Object{}):
		fields, _ := answer.(map[string]any)
		out := maps.Clone(tfvalue.Members(plan))
		for k, e := range out {
			out[k] = resolveDynamic(e, fields[k])
		}
		return tfvalue.Object(out)
	default:
		list, _ := answer.([]any)
		out := slices.Clone(tfvalue.Elements(plan))
		for i, e := range out {
			out[i] = resolveDynamic(e, document.ElementAt(list, i))
		}
		return tfvalue.Tuple(out)
	}
}
