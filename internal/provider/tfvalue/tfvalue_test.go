package tfvalue

import (
	"encoding/json"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Values of a dynamic attribute arrive as objects, tuples, maps, lists and
// sets; null entries are as if they were not there.
func TestToGo(t *testing.T) {
	t.Parallel()
	number := func(text string) tftypes.Value {
		f, _ := document.ParseNumber(text)
		return tftypes.NewValue(tftypes.Number, f)
	}
	text := tftypes.NewValue(tftypes.String, "a")
	null := tftypes.NewValue(tftypes.DynamicPseudoType, nil)
	for name, c := range map[string]struct {
		in   tftypes.Value
		want any
	}{
		"null":         {null, nil},
		"nothing":      {tftypes.Value{}, nil},
		"unknown":      {tftypes.NewValue(tftypes.DynamicPseudoType, tftypes.UnknownValue), schema.Unknown},
		"unknown map":  {tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, tftypes.UnknownValue), schema.Unknown},
		"number":       {number("0.1"), json.Number("0.1")},
		"float64":      {tftypes.NewValue(tftypes.Number, big.NewFloat(0.5)), json.Number("0.5")},
		"object":       {Object(map[string]tftypes.Value{"a": text, "b": null}), map[string]any{"a": "a"}},
		"map":          {tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, map[string]tftypes.Value{"a": text}), map[string]any{"a": "a"}},
		"tuple":        {Tuple([]tftypes.Value{text, null, number("5")}), []any{"a", nil, json.Number("5")}},
		"set":          {tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, []tftypes.Value{text}), []any{"a"}},
		"empty object": {Object(nil), map[string]any{}},
		"empty tuple":  {Tuple(nil), []any{}},
	} {
		if diff := cmp.Diff(c.want, ToGo(c.in), compareUnknown); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

// compareUnknown lets cmp look at unknown values, whose type is private.
var compareUnknown = cmp.FilterValues(
	func(a, b any) bool { return schema.IsUnknown(a) || schema.IsUnknown(b) },
	cmp.Comparer(func(a, b any) bool { return schema.IsUnknown(a) && schema.IsUnknown(b) }),
)

// Whatever JSON a configuration holds, it is the same after the trip through
// Terraform's values and their encoding.
func FuzzGo(f *testing.F) {
	for _, seed := range []string{
		`{"a":1,"b":[true,"x",{"c":0.1}]}`, `{}`, `{"a":{}}`, `{"a":[]}`, `{"a":1e-7,"b":9007199254740993}`,
		`{"a":"é\u0000","b":-0}`, `{"a":12345678901234567890.5}`, `{"a":[[[]]]}`, `{"a":1E400}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		doc, ok := document.DecodeObject(text)
		if !ok {
			return
		}
		doc = normalized(doc)
		v := FromGo(doc)
		if diff := cmp.Diff(doc, ToGo(v)); diff != "" {
			t.Fatalf("values: (-want +got)\n%s", diff)
		}
		wire, err := tfprotov6.NewDynamicValue(tftypes.DynamicPseudoType, v)
		if err != nil {
			t.Fatal(err)
		}
		back, err := wire.Unmarshal(tftypes.DynamicPseudoType)
		if err != nil {
			t.Fatal(err)
		}
		if !document.Exactly.Same(nil, doc, ToGo(back)) {
			t.Fatalf("wire: want %v, got %v", doc, ToGo(back))
		}
	})
}

// normalized writes numbers as we write them and drops nulls in lists, which
// have no type of their own on the wire.
func normalized(v any) any {
	switch v := v.(type) {
	case json.Number:
		f, ok := document.ParseNumber(string(v))
		if !ok {
			return json.Number("0")
		}
		return document.Decimal(f)
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			if e != nil {
				out[k] = normalized(e)
			}
		}
		return out
	case []any:
		out := make([]any, 0, len(v))
		for _, e := range v {
			if e != nil {
				out = append(out, normalized(e))
			}
		}
		return out
	}
	return v
}
