package provider

import (
	"fmt"
	"sort"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// advice says what would be right, beyond what the message itself says.
func advice(v *schema.Violation) string {
	switch v.Rule {
	case "unknown_field":
		return unknownField(v)
	case "type", "required":
		if v.Field != nil {
			return wanted(v.Field)
		}
	case "match", "match_all", "match_any", "not_match", "match_none":
		return pattern(v.Field)
	case "one_of":
		return ""
	}
	return ""
}

func unknownField(v *schema.Violation) string {
	if len(v.Path) == 0 || len(v.Known) == 0 {
		return ""
	}
	known := "Known here: " + listed(v.Known, 60) + "."
	if near := schema.Nearest(v.Path[len(v.Path)-1].Name, v.Known); near != "" {
		return fmt.Sprintf("Did you mean %q? %s", near, known)
	}
	return known
}

// wanted describes the values that a field takes.
func wanted(f *schema.Field) string {
	text := "Wanted is " + kindOfField(f)
	if choices := choicesOf(f); choices != "" {
		text += ", one of: " + choices
	}
	return text + "."
}

func kindOfField(f *schema.Field) string {
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
		return "an object with " + listed(fieldNames(f.Record), 30)
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

// choicesOf lists what one_of allows, or "".
func choicesOf(f *schema.Field) string {
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

// pattern shows the pattern that was broken, where the definition has one
// rather than words of its own.
func pattern(f *schema.Field) string {
	if f == nil || f.Err != "" {
		return ""
	}
	if p, ok := f.Def["match"].(string); ok {
		return fmt.Sprintf("It must match the Lua pattern %s.", p)
	}
	return ""
}

// listed joins names for a sentence, at most so many of them.
func listed(names []string, most int) string {
	sorted := append([]string(nil), names...)
	sort.Strings(sorted)
	if len(sorted) <= most {
		return strings.Join(sorted, ", ")
	}
	return strings.Join(sorted[:most], ", ") + ", …"
}
