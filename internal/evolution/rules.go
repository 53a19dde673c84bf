package evolution

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// direction says what more of a rule's argument means.
type direction int

const (
	other    direction = iota // another argument takes other values
	lower                     // a lower bound: more is stricter
	upper                     // an upper bound: more is looser
	allowed                   // a list of what is taken
	refused                   // a list of what is not taken
	interval                  // both bounds
)

// ruleDirections are the attributes of a field that judge values.
var ruleDirections = map[string]direction{
	"eq": other, "ne": other, "timestamp": other, "uuid": other, "is_regex": other, "len_eq": other,
	"starts_with": other, "match": other, "not_match": other, "contains": other, "custom_validator": other,
	"mutually_exclusive_subsets": other, "gt": lower, "gte": lower, "len_min": lower, "lte": upper, "len_max": upper,
	"one_of": allowed, "match_any": allowed, "not_one_of": refused, "match_none": refused, "match_all": refused,
	"between": interval,
}

// rules compares what is taken as a value of a field.
func (c *comparison) rules(at schema.Path, old, f *schema.Field) {
	for _, name := range slices.Sorted(maps.Keys(ruleDirections)) {
		was, is := old.Def[name], f.Def[name]
		switch {
		case same(was, is):
		case was == nil:
			c.add(at, Stricter, f, "is judged by %s %s now", name, text(is))
		case is == nil:
			c.add(at, Looser, f, "is not judged by %s %s any more", name, text(was))
		default:
			kind := Looser
			if tightens(ruleDirections[name], was, is) {
				kind = Stricter
			}
			c.add(at, kind, f, "%s was %s and is %s", name, text(was), text(is))
		}
	}
	switch {
	case f.Referenceable && !old.Referenceable:
		c.add(at, Looser, f, "takes references to vaults now")
	case old.Referenceable && !f.Referenceable:
		c.add(at, Stricter, f, "takes no references to vaults any more")
	}
}

// tightens reports whether a new argument refuses what the old one took.
func tightens(d direction, was, is any) bool {
	switch d {
	case lower:
		return number(is) > number(was)
	case upper:
		return number(is) < number(was)
	case allowed:
		return len(unmatched(list(was), list(is))) > 0
	case refused:
		return len(unmatched(list(is), list(was))) > 0
	case interval:
		a, b := list(was), list(is)
		return len(a) != 2 || len(b) != 2 || number(b[0]) > number(a[0]) || number(b[1]) < number(a[1])
	}
	return true
}

// list is the list of an argument. That of match_any stands below "patterns".
func list(v any) []any {
	if m, ok := v.(map[string]any); ok && m["patterns"] != nil {
		v = m["patterns"]
	}
	out, _ := schema.AsList(v)
	return out
}

func number(v any) float64 {
	switch v := v.(type) {
	case json.Number:
		f, _ := v.Float64()
		return f
	case float64:
		return v
	case int:
		return float64(v)
	}
	return 0
}

// same compares two parts of definitions. Two functions of a schema's own are the
// same: their code is opaque, and their names are those of lines, which move.
func same(a, b any) bool { return schema.Equal(opaque(a), opaque(b)) }

// opaque returns a value with names in place of functions.
func opaque(v any) any {
	switch v := v.(type) {
	case *schema.Function:
		if v == nil {
			return nil
		}
		if strings.HasPrefix(v.Name, "typedefs.") {
			return v.Name
		}
		return "a function"
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = opaque(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = opaque(e)
		}
		return out
	}
	return v
}

// text writes a part of a definition as JSON, shortened.
func text(v any) string {
	out, err := json.Marshal(opaque(v))
	if err != nil {
		return fmt.Sprintf("%T", v)
	}
	return schema.Cut(string(out))
}

func checkNames(check any) string {
	m, _ := check.(map[string]any)
	if len(m) == 1 {
		for name, argument := range m {
			return name + " " + text(argument)
		}
	}
	return text(check)
}

// typed names a type as people read it.
func typed(f *schema.Field) string {
	if f.Type == schema.Foreign {
		return "a reference to " + f.Reference
	}
	switch f.Type {
	case schema.Array, schema.Integer:
		return "an " + f.Type.String()
	}
	return "a " + f.Type.String()
}

// described says what kind of field is added or removed.
func described(f *schema.Field) string {
	presence := "optional"
	if f.Required {
		presence = "required"
	}
	return presence + " " + f.Type.String() + defaulted(f)
}

func defaulted(f *schema.Field) string {
	switch {
	case f.HasDefault:
		return ", default " + text(f.Default)
	case f.Required && !mustBeWritten(f):
		return ", which fills itself"
	}
	return " without a default"
}
