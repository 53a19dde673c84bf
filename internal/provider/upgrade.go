package provider

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// upgrade reads a state that an earlier version or the published provider
// wrote. Attributes that the schema lacks are dropped, missing ones are null,
// and so is what had another type then: reading the object brings it back.
func (r *resource) upgrade(raw *tfprotov6.RawState) (tftypes.Value, error) {
	opts := tfprotov6.UnmarshalOpts{ValueFromJSONOpts: tftypes.ValueFromJSONOpts{IgnoreUndefinedAttributes: true}}
	state, err := raw.UnmarshalWithOpts(r.root().typ, opts)
	if err == nil {
		return state, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw.JSON))
	d.UseNumber()
	var old map[string]any
	if d.Decode(&old) != nil || old == nil {
		return state, err
	}
	text, failed := json.Marshal(fitting(r.root().typ, old))
	if failed != nil {
		return state, err
	}
	return (&tfprotov6.RawState{JSON: text}).UnmarshalWithOpts(r.root().typ, opts)
}

// fitting is what of a former value fits a type. A scalar that has become a
// list is the only element of it.
func fitting(typ tftypes.Type, v any) any {
	switch typ := typ.(type) {
	case tftypes.Object:
		return fittingMembers(v, func(k string) tftypes.Type { return typ.AttributeTypes[k] })
	case tftypes.Map:
		return fittingMembers(v, func(string) tftypes.Type { return typ.ElementType })
	case tftypes.List:
		return fittingElements(typ.ElementType, v)
	case tftypes.Set:
		return fittingElements(typ.ElementType, v)
	}
	return fittingScalar(typ, v)
}

func fittingMembers(v any, of func(string) tftypes.Type) any {
	in, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	out := make(map[string]any, len(in))
	for k, e := range in {
		if typ := of(k); typ != nil {
			out[k] = fitting(typ, e)
		}
	}
	return out
}

func fittingElements(typ tftypes.Type, v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = fitting(typ, e)
		}
		return out
	case nil, map[string]any:
		return nil
	}
	if e := fitting(typ, v); e != nil {
		return []any{e}
	}
	return nil
}

func fittingScalar(typ tftypes.Type, v any) any {
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
