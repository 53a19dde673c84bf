package tfvalue

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Same says of every two of these what Equal says.
func TestSame(t *testing.T) {
	t.Parallel()
	list, set, dict := tftypes.List{ElementType: tftypes.String}, tftypes.Set{ElementType: tftypes.String}, tftypes.Map{ElementType: tftypes.String}
	text := func(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }
	of := func(v ...tftypes.Value) []tftypes.Value { return v }
	object := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"a": tftypes.String, "b": list}}
	values := []tftypes.Value{
		{}, text(""), text("a"), text("b"),
		tftypes.NewValue(tftypes.String, nil), tftypes.NewValue(tftypes.String, tftypes.UnknownValue),
		tftypes.NewValue(tftypes.Number, nil), tftypes.NewValue(tftypes.Number, tftypes.UnknownValue),
		tftypes.NewValue(tftypes.Number, 1), tftypes.NewValue(tftypes.Number, 1.5), tftypes.NewValue(tftypes.Number, 0), tftypes.NewValue(tftypes.Bool, true), tftypes.NewValue(tftypes.Bool, false),
		tftypes.NewValue(list, nil), tftypes.NewValue(list, tftypes.UnknownValue), tftypes.NewValue(list, of()),
		tftypes.NewValue(tftypes.List{ElementType: tftypes.Number}, of()),
		tftypes.NewValue(list, of(text("a"))), tftypes.NewValue(list, of(text("a"), text("b"))), tftypes.NewValue(list, of(text("b"), text("a"))),
		tftypes.NewValue(list, of(text("a"), tftypes.NewValue(tftypes.String, tftypes.UnknownValue))),
		tftypes.NewValue(set, of()), tftypes.NewValue(set, of(text("a"))), tftypes.NewValue(set, of(text("a"), text("b"))), tftypes.NewValue(set, of(text("b"), text("a"))),
		tftypes.NewValue(dict, map[string]tftypes.Value{}), tftypes.NewValue(dict, map[string]tftypes.Value{"a": text("a")}),
		tftypes.NewValue(dict, map[string]tftypes.Value{"a": text("b")}), tftypes.NewValue(dict, map[string]tftypes.Value{"b": text("a")}),
		tftypes.NewValue(tftypes.Tuple{ElementTypes: []tftypes.Type{}}, of()), tftypes.NewValue(tftypes.Tuple{ElementTypes: []tftypes.Type{tftypes.String}}, of(text("a"))),
		tftypes.NewValue(tftypes.Tuple{ElementTypes: []tftypes.Type{tftypes.String, tftypes.Number}}, of(text("a"), tftypes.NewValue(tftypes.Number, 1))),
		tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{}}, map[string]tftypes.Value{}), tftypes.NewValue(object, nil),
		tftypes.NewValue(object, map[string]tftypes.Value{"a": text("a"), "b": tftypes.NewValue(list, of(text("a")))}),
		tftypes.NewValue(object, map[string]tftypes.Value{"a": text("a"), "b": tftypes.NewValue(list, of(text("b")))}),
		tftypes.NewValue(object, map[string]tftypes.Value{"a": text("a"), "b": tftypes.NewValue(list, nil)}),
	}
	for _, a := range values {
		for _, b := range values {
			if got := Same(a, b); got != a.Equal(b) {
				t.Errorf("%s and %s: %v", a, b, got)
			}
		}
	}
}
