package state

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Values share their parts, so that whoever makes one of another leaves that as it is.
func TestValuesStay(t *testing.T) {
	t.Parallel()
	part := func() *attribute.Attribute {
		return &attribute.Attribute{Form: attribute.FormObject, Children: []*attribute.Attribute{
			{Name: "a", Key: "a", Mode: attribute.Optional, Form: attribute.FormString},
			{Name: "b", Key: "b", Mode: attribute.Optional | attribute.Computed, Form: attribute.FormString, Field: &schema.Field{HasDefault: true, Default: "x"}},
		}}
	}
	root := (&attribute.Attribute{Form: attribute.FormObject, Mode: attribute.Required, Children: []*attribute.Attribute{
		{Name: "dynamic", Key: "dynamic", Mode: attribute.Optional | attribute.Computed, Form: attribute.FormDynamic},
		{Name: "list", Key: "list", Mode: attribute.Optional, Form: attribute.FormList, Elem: part()},
		{Name: "map", Key: "map", Mode: attribute.Optional, Form: attribute.FormMap, Elem: part()},
		{Name: "object", Key: "object", Mode: attribute.Optional, Form: attribute.FormObject, Children: part().Children},
	}}).Seal()
	made := func(b any) tftypes.Value {
		one := tftypes.NewValue(root.Named("object").Type, map[string]tftypes.Value{"a": tftypes.NewValue(tftypes.String, "1"), "b": tftypes.NewValue(tftypes.String, b)})
		tuple := tftypes.NewValue(tftypes.Tuple{ElementTypes: []tftypes.Type{one.Type()}}, []tftypes.Value{one})
		return tftypes.NewValue(root.Type, map[string]tftypes.Value{
			"dynamic": tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{"o": one.Type(), "t": tuple.Type()}}, map[string]tftypes.Value{"o": one, "t": tuple}),
			"list":    tftypes.NewValue(root.Named("list").Type, []tftypes.Value{one}),
			"map":     tftypes.NewValue(root.Named("map").Type, map[string]tftypes.Value{"k": one}),
			"object":  one,
		})
	}
	filled := map[string]any{"a": "1", "b": "x"}
	doc := map[string]any{
		"dynamic": map[string]any{"o": filled, "t": []any{filled}}, "list": []any{filled}, "map": map[string]any{"k": filled}, "object": filled,
	}
	for name, c := range map[string]struct {
		given tftypes.Value
		use   func(v tftypes.Value) tftypes.Value
	}{
		"plan": {made(nil), func(v tftypes.Value) tftypes.Value {
			p := Plan{Schema: &schema.Schema{}, Filled: doc}
			return p.Value(root, v, tftypes.NewValue(root.Type, nil))
		}},
		"resolve": {made(tftypes.UnknownValue), func(v tftypes.Value) tftypes.Value {
			out, err := Resolve(root, v, doc)
			if err != nil {
				t.Error(err)
			}
			return out
		}},
		"configuration": {made("x"), func(v tftypes.Value) tftypes.Value { return Configuration(root, v) }},
	} {
		before := c.given.Copy()
		if after := c.use(c.given); after.Equal(before) {
			t.Errorf("%s: nothing is made of %s", name, before)
		}
		if !c.given.Equal(before) {
			t.Errorf("%s: %s has become %s", name, before, c.given)
		}
	}
}
