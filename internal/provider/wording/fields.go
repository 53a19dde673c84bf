package wording

import (
	"fmt"
	"sort"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// wanted describes the values that a field takes.
func wanted(f *schema.Field) string {
	text := "Wanted is " + FieldKind(f)
	if choices := Choices(f); choices != "" {
		text += ", one of: " + choices
	}
	return text + "."
}

// FieldKind says what a field takes: "a list of strings".
func FieldKind(f *schema.Field) string {
	switch f.Type {
	case schema.Array, schema.Set:
		if f.Elements == nil {
			return "a list"
		}
		return "a list of " + plural(f.Elements)
	case schema.Map:
		if f.Values == nil {
			return "a map"
		}
		return "a map of " + plural(f.Values)
	case schema.Record:
		if f.Record == nil {
			return "an object"
		}
		return "an object with " + List(fieldNames(f.Record), 30)
	case schema.Foreign:
		return `an object with an id: { id = "…" }`
	case schema.Integer:
		return "an integer"
	case schema.NumberType:
		return "a number"
	case schema.Boolean:
		return "true or false"
	case schema.JSON:
		return "a value that JSON can express"
	default:
		return "a string"
	}
}

func plural(f *schema.Field) string {
	switch f.Type {
	case schema.Record, schema.Foreign:
		return "objects"
	case schema.Integer:
		return "integers"
	case schema.NumberType:
		return "numbers"
	case schema.Boolean:
		return "true or false"
	case schema.Array, schema.Set:
		return "lists"
	case schema.Map:
		return "maps"
	default:
		return "strings"
	}
}

func fieldNames(s *schema.Schema) []string {
	out := make([]string, 0, len(s.Fields))
	for _, f := range s.Fields {
		out = append(out, f.Name)
	}
	return out
}

// Choices lists what one_of allows, or "".
func Choices(f *schema.Field) string {
	list, ok := f.Def["one_of"].([]any)
	if !ok {
		return ""
	}
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i] = fmt.Sprint(v)
	}
	return strings.Join(texts, ", ")
}

// List joins names for a sentence, at most so many of them.
func List(names []string, most int) string {
	sorted := append([]string(nil), names...)
	sort.Strings(sorted)
	if len(sorted) <= most {
		return strings.Join(sorted, ", ")
	}
	return strings.Join(sorted[:most], ", ") + ", …"
}

// Kind says what a value is: "a list".
func Kind(v any) string {
	switch v.(type) {
	case string:
		return "a string"
	case bool:
		return "true or false"
	case []any:
		return "a list"
	case map[string]any:
		return "an object"
	default:
		return "a number"
	}
}
