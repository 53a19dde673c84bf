package document

import (
	"encoding/json"
	"fmt"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Coerce converts scalars to the types that a schema wants, as HCL does for
// typed attributes: a conditional whose arms differ makes strings of numbers
// before a dynamic value reaches the provider. What cannot be converted stays
// for the schema to refuse. The input is not touched.
func Coerce(s *schema.Schema, in map[string]any) map[string]any {
	out := make(map[string]any, len(in))
	for k, v := range in {
		f := s.Field(k)
		if f == nil {
			f = s.Shorthand(k)
		}
		out[k] = CoerceValue(f, v)
	}
	return out
}

// CoerceValue is [Coerce] for the value of one field; f may be nil.
func CoerceValue(f *schema.Field, v any) any {
	if f == nil {
		return v
	}
	switch v := v.(type) {
	case map[string]any:
		if f.Record != nil {
			return Coerce(f.Record, v)
		}
		if f.Values == nil {
			return v
		}
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = CoerceValue(f.Values, e)
		}
		return out
	case []any:
		if f.Elements == nil {
			return v
		}
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = CoerceValue(f.Elements, e)
		}
		return out
	}
	return CoerceScalar(f.Type, v)
}

// CoerceScalar is [Coerce] for a value that is no collection.
func CoerceScalar(t schema.Type, v any) any {
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
