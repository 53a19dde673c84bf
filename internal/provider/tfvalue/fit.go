package tfvalue

import (
	"encoding/json"
	"strconv"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Fit returns the part of a former value that fits a type. If the type of a
// scalar has become a list, the scalar is the only element of it.
func Fit(typ tftypes.Type, v any) any {
	switch typ := typ.(type) {
	case tftypes.Object:
		return fitMembers(v, func(k string) tftypes.Type { return typ.AttributeTypes[k] })
	case tftypes.Map:
		return fitMembers(v, func(string) tftypes.Type { return typ.ElementType })
	case tftypes.List:
		return fitElements(typ.ElementType, v)
	case tftypes.Set:
		return fitElements(typ.ElementType, v)
	}
	return fitScalar(typ, v)
}

func fitMembers(v any, of func(string) tftypes.Type) any {
	in, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	out := make(map[string]any, len(in))
	for k, e := range in {
		if typ := of(k); typ != nil {
			out[k] = Fit(typ, e)
		}
	}
	return out
}

func fitElements(typ tftypes.Type, v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = Fit(typ, e)
		}
		return out
	case nil, map[string]any:
		return nil
	}
	if e := Fit(typ, v); e != nil {
		return []any{e}
	}
	return nil
}

func fitScalar(typ tftypes.Type, v any) any {
	text, isText := v.(string)
	switch v.(type) {
	case map[string]any, []any:
		if !typ.Is(tftypes.DynamicPseudoType) {
			return nil
		}
	case bool:
		if typ.Is(tftypes.Number) {
			return nil
		}
	case json.Number:
		if typ.Is(tftypes.Bool) {
			return nil
		}
	}
	if !isText {
		return v
	}
	if _, err := strconv.ParseFloat(text, 64); typ.Is(tftypes.Number) && err != nil {
		return nil
	}
	if _, err := strconv.ParseBool(text); typ.Is(tftypes.Bool) && err != nil {
		return nil
	}
	return v
}
