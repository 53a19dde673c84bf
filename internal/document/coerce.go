package document

import (
	"encoding/json"
	"fmt"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Coerce converts scalars to the types that a schema wants, as HCL does for
// typed attributes: a conditional whose arms differ makes strings of numbers
// before a dynamic value reaches the provider. What cannot be converted stays
// for the schema to refuse.
func Coerce(s *schema.Schema, doc map[string]any) map[string]any { return s.Walk(doc, coerce) }

// CoerceValue is [Coerce] for the value of one field; f may be nil.
func CoerceValue(f *schema.Field, v any) any { return schema.Walk(f, v, coerce) }

func coerce(c *schema.Cursor) bool {
	if c.Field == nil {
		return false
	}
	switch c.Value.(type) {
	case map[string]any, []any:
		return true
	}
	if v := CoerceScalar(c.Field.Type, c.Value); v != c.Value {
		c.Replace(v)
	}
	return false
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
