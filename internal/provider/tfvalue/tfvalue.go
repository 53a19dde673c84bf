// Package tfvalue works on Terraform's values whatever their type: it takes them
// apart ([Members], [Elements]), turns them into decoded JSON and back ([ToGo],
// [FromGo]), and fits what has another type ([Fit]).
//
// The package knows nothing of attributes and schemas, but that a value may be
// [schema.Unknown].
package tfvalue

import (
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// ToGo returns any value in the form of decoded JSON. Objects and maps
// lose their null entries: a null and nothing mean the same in HCL.
func ToGo(v tftypes.Value) any {
	switch {
	case v.Type() == nil || v.IsNull():
		return nil
	case !v.IsKnown():
		return schema.Unknown
	}
	switch v.Type().(type) {
	case tftypes.Object, tftypes.Map:
		fields := Members(v)
		out := make(map[string]any, len(fields))
		for k, e := range fields {
			if value := ToGo(e); value != nil {
				out[k] = value
			}
		}
		return out
	case tftypes.List, tftypes.Set, tftypes.Tuple:
		list := Elements(v)
		out := make([]any, len(list))
		for i, e := range list {
			out[i] = ToGo(e)
		}
		return out
	}
	return scalarToGo(v)
}

func scalarToGo(v tftypes.Value) any {
	switch t := v.Type(); {
	case t.Is(stringType):
		var s string
		_ = v.As(&s)
		return s
	case t.Is(boolType):
		var b bool
		_ = v.As(&b)
		return b
	}
	f := new(big.Float)
	_ = v.As(f)
	return document.Decimal(f)
}

// FromGo is the reverse of [ToGo]. It builds objects and tuples only:
// their types say nothing that could change between plan and apply.
func FromGo(v any) tftypes.Value {
	switch v := v.(type) {
	case nil:
		return tftypes.NewValue(tftypes.DynamicPseudoType, nil)
	case string:
		return tftypes.NewValue(tftypes.String, v)
	case bool:
		return tftypes.NewValue(tftypes.Bool, v)
	case map[string]any:
		fields := make(map[string]tftypes.Value, len(v))
		for k, e := range v {
			fields[k] = FromGo(e)
		}
		return Object(fields)
	case []any:
		list := make([]tftypes.Value, len(v))
		for i, e := range v {
			list[i] = FromGo(e)
		}
		return Tuple(list)
	}
	if schema.IsUnknown(v) {
		return tftypes.NewValue(tftypes.DynamicPseudoType, tftypes.UnknownValue)
	}
	if f, ok := document.ParseNumber(fmt.Sprint(v)); ok {
		return tftypes.NewValue(tftypes.Number, f)
	}
	return tftypes.NewValue(tftypes.String, fmt.Sprint(v)) // a number of no use
}

// Object is an object that has the types of its members.
func Object(fields map[string]tftypes.Value) tftypes.Value {
	types := make(map[string]tftypes.Type, len(fields))
	for k, e := range fields {
		types[k] = e.Type()
	}
	return tftypes.NewValue(tftypes.Object{AttributeTypes: types}, fields)
}

// Tuple is a list that has the types of its elements.
func Tuple(list []tftypes.Value) tftypes.Value {
	types := make([]tftypes.Type, len(list))
	for i, e := range list {
		types[i] = e.Type()
	}
	return tftypes.NewValue(tftypes.Tuple{ElementTypes: types}, list)
}

// Members returns the entries of an object or map, nil for any other value. They
// are the value's own, and maybe those of other values: who changes some clones them.
func Members(v tftypes.Value) map[string]tftypes.Value {
	if v.Type() == nil || !v.IsKnown() || v.IsNull() {
		return nil
	}
	var out map[string]tftypes.Value
	if err := v.As(&out); err != nil {
		return nil
	}
	return out
}

// Elements returns the elements of a list, set or tuple, nil for any other
// value. They are the value's own, as with [Members].
func Elements(v tftypes.Value) []tftypes.Value {
	if v.Type() == nil || !v.IsKnown() || v.IsNull() {
		return nil
	}
	var out []tftypes.Value
	if err := v.As(&out); err != nil {
		return nil
	}
	return out
}

// IsNull reports whether a value is null or not there at all.
func IsNull(v tftypes.Value) bool { return v.Type() == nil || v.IsNull() }

// HasUnknown reports whether any part of a value is unknown.
func HasUnknown(v tftypes.Value) bool { return v.Type() != nil && !v.IsFullyKnown() }
