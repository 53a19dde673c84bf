package state

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
)

// Configuration returns the configuration that a state comes from, without
// defaults, ids and times. Other values that the server may have made, such as the
// keys of consumers, are part of it: who makes the object anew wants the same.
func Configuration(a *attribute.Attribute, held tftypes.Value) tftypes.Value {
	null := tftypes.NewValue(a.Type, nil)
	switch {
	case !a.Writable() || tfvalue.IsNull(held) || isNoted(a):
		return null
	case a.Form == attribute.FormObject:
		return objectConfiguration(a, held)
	case a.Mode&attribute.Required != 0:
		return held
	}
	v := a.ToGo(held)
	if def := a.Fallback(); document.Exactly.Same(a.Field, def, v) && (def != nil || document.IsEmpty(v)) {
		return null
	}
	return held
}

// isNoted reports whether a value tells of one object only.
func isNoted(a *attribute.Attribute) bool {
	return a.IsNotedTime() || a.Field != nil && a.Field.Auto && a.Name == "id"
}

func objectConfiguration(a *attribute.Attribute, held tftypes.Value) tftypes.Value {
	out := maps.Clone(tfvalue.Members(held))
	empty := true
	for _, c := range a.Children {
		out[c.Name] = Configuration(c, out[c.Name])
		empty = empty && tfvalue.IsNull(out[c.Name])
	}
	if empty && a.Mode&attribute.Required == 0 && !a.OfKind {
		return tftypes.NewValue(a.Type, nil)
	}
	return tftypes.NewValue(a.Type, out)
}
