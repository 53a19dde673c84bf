package provider

import (
	"encoding/json"
	"fmt"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// comparison says whether two values mean the same to an entity, however they
// are written: numbers by value, sets in any order, null like nothing at all,
// and an empty collection like none.
type comparison struct {
	loose bool // see equalNumbers
}

var (
	exactly = comparison{}
	// asStored is for values that a server may keep as 64-bit floats.
	asStored = comparison{loose: true}
)

// same compares two values of a field; f may be nil.
func (c comparison) same(f *schema.Field, a, b any) bool {
	if isEmpty(a) || isEmpty(b) {
		return isEmpty(a) && isEmpty(b)
	}
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && c.sameMembers(f, a, b)
	case []any:
		b, ok := b.([]any)
		if ok && f != nil && f.Type == schema.Set {
			return c.sameSet(f.Elements, a, b)
		}
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !c.same(elementOf(f), a[i], b[i]) {
				return false
			}
		}
		return true
	}
	return c.sameScalar(a, b)
}

func (c comparison) sameMembers(f *schema.Field, a, b map[string]any) bool {
	for k, v := range a {
		if !c.same(memberOf(f, k), v, b[k]) {
			return false
		}
	}
	for k, v := range b {
		if _, ok := a[k]; !ok && !isEmpty(v) {
			return false
		}
	}
	return true
}

// sameSet compares lists whose order and repetitions carry no meaning.
func (c comparison) sameSet(f *schema.Field, a, b []any) bool {
	return c.within(f, a, b) && c.within(f, b, a)
}

// within reports whether every element of a is in b.
func (c comparison) within(f *schema.Field, a, b []any) bool {
	for _, x := range a {
		if c.index(f, b, x) < 0 {
			return false
		}
	}
	return true
}

// index returns where a list holds a value, or -1.
func (c comparison) index(f *schema.Field, list []any, v any) int {
	for i, e := range list {
		if c.same(f, e, v) {
			return i
		}
	}
	return -1
}

func (c comparison) sameScalar(a, b any) bool {
	x, okX := asNumber(a)
	y, okY := asNumber(b)
	if okX && okY {
		return equalNumbers(x, y, c.loose)
	}
	return schema.Equal(a, b)
}

func asNumber(v any) (json.Number, bool) {
	switch v := v.(type) {
	case json.Number:
		return v, true
	case int, int64, float64:
		return json.Number(fmt.Sprint(v)), true
	}
	return "", false
}

func isEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case map[string]any:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return false
}

// memberOf returns the field of a record's key or of a map's values, or nil.
func memberOf(f *schema.Field, key string) *schema.Field {
	switch {
	case f == nil:
		return nil
	case f.Record != nil:
		return f.Record.Field(key)
	default:
		return f.Values
	}
}

func elementOf(f *schema.Field) *schema.Field {
	if f == nil {
		return nil
	}
	return f.Elements
}

// coerce converts scalars to the types that a schema wants, as HCL does for
// typed attributes: a conditional whose arms differ makes strings of numbers
// before a dynamic value reaches the provider. What cannot be converted stays
// for the schema to refuse. The input is not touched.
func coerce(s *schema.Schema, in map[string]any) map[string]any {
	out := make(map[string]any, len(in))
	for k, v := range in {
		f := s.Field(k)
		if f == nil {
			f = s.Shorthand(k)
		}
		out[k] = coerceValue(f, v)
	}
	return out
}

func coerceValue(f *schema.Field, v any) any {
	if f == nil {
		return v
	}
	switch v := v.(type) {
	case map[string]any:
		if f.Record != nil {
			return coerce(f.Record, v)
		}
		if f.Values == nil {
			return v
		}
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = coerceValue(f.Values, e)
		}
		return out
	case []any:
		if f.Elements == nil {
			return v
		}
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = coerceValue(f.Elements, e)
		}
		return out
	}
	return coerceScalar(f.Type, v)
}

func coerceScalar(t schema.Type, v any) any {
	switch t {
	case schema.Integer, schema.NumberType:
		if s, ok := v.(string); ok {
			if n, ok := numberFromText(s); ok {
				return n
			}
		}
	case schema.Boolean:
		switch v {
		case "true":
			return true
		case "false":
			return false
		}
	case schema.String:
		switch v := v.(type) {
		case json.Number:
			return string(v)
		case bool:
			return fmt.Sprint(v)
		}
	}
	return v
}
