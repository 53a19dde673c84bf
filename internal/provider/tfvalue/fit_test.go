package tfvalue

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func TestFit(t *testing.T) {
	t.Parallel()
	texts := tftypes.List{ElementType: tftypes.String}
	record := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"a": tftypes.Number, "l": texts}}
	for name, c := range map[string]struct {
		typ     tftypes.Type
		v, want any
	}{
		"a scalar for a list":       {texts, "a", []any{"a"}},
		"an object for a list":      {texts, map[string]any{"a": "b"}, nil},
		"a set":                     {tftypes.Set{ElementType: tftypes.Bool}, []any{true, "true", "maybe", json.Number("1")}, []any{true, "true", nil, nil}},
		"nothing":                   {texts, nil, nil},
		"an object":                 {record, map[string]any{"a": "x", "l": json.Number("5"), "z": "gone"}, map[string]any{"a": nil, "l": []any{json.Number("5")}}},
		"a text for an object":      {record, "x", nil},
		"a map":                     {tftypes.Map{ElementType: record}, map[string]any{"k": `{"a":1}`}, map[string]any{"k": nil}},
		"a number as text":          {tftypes.Number, "1.5", "1.5"},
		"true for a number":         {tftypes.Number, true, nil},
		"a list for a number":       {tftypes.Number, []any{json.Number("5")}, nil},
		"anything for what is open": {tftypes.DynamicPseudoType, map[string]any{"value": "a", "type": "string"}, map[string]any{"value": "a", "type": "string"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, Fit(c.typ, c.v)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
