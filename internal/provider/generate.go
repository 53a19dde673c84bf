package provider

import (
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
)

// configuration returns the configuration that a state comes from: what the
// server made and what is the default anyway is left out.
func configurationOf(a *attribute.Attribute, state tftypes.Value) tftypes.Value {
	null := tftypes.NewValue(a.Type, nil)
	switch {
	case !a.Writable() || tfvalue.IsNull(state) || a.Field != nil && a.Field.Auto:
		return null
	case a.Form == attribute.FormObject:
		return objectConfiguration(a, state)
	case a.Mode&attribute.Required != 0:
		return state
	}
	v := a.ToGo(state)
	if def := a.Fallback(); document.Exactly.Same(a.Field, def, v) && (def != nil || document.IsEmpty(v)) {
		return null
	}
	return state
}

func objectConfiguration(a *attribute.Attribute, state tftypes.Value) tftypes.Value {
	out := tfvalue.Members(state)
	empty := true
	for _, c := range a.Children {
		out[c.Name] = configurationOf(c, out[c.Name])
		empty = empty && tfvalue.IsNull(out[c.Name])
	}
	if empty && a.Mode&attribute.Required == 0 {
		return tftypes.NewValue(a.Type, nil)
	}
	return tftypes.NewValue(a.Type, out)
}
