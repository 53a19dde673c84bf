package provider

import (
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
)

// configuration returns the configuration that a state comes from: what the
// server made and what is the default anyway is left out.
func (a *attribute) configuration(state tftypes.Value) tftypes.Value {
	null := tftypes.NewValue(a.typ, nil)
	switch {
	case !a.writable() || isNull(state) || a.field != nil && a.field.Auto:
		return null
	case a.form == formObject:
		return a.objectConfiguration(state)
	case a.mode&required != 0:
		return state
	}
	v := a.toGo(state)
	if def := a.fallback(); document.Exactly.Same(a.field, def, v) && (def != nil || document.IsEmpty(v)) {
		return null
	}
	return state
}

func (a *attribute) objectConfiguration(state tftypes.Value) tftypes.Value {
	out := members(state)
	empty := true
	for _, c := range a.children {
		out[c.name] = c.configuration(out[c.name])
		empty = empty && isNull(out[c.name])
	}
	if empty && a.mode&required == 0 {
		return tftypes.NewValue(a.typ, nil)
	}
	return tftypes.NewValue(a.typ, out)
}
