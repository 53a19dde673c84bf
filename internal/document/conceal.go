package document

import (
	"encoding/json"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Concealed stands in the place of what is not shown.
const Concealed = "(sensitive value)"

// Conceal returns a value as a copy may show it that has lost the marks of what
// was secret in the original. Anybody may have marked anything as secret, so it
// shows only what can hardly be one: what the schema knows by itself (defaults,
// and texts of which it lists all), truth values, numbers outside of secret
// fields, and references to vaults. All other texts are [Concealed]. The field
// may be nil.
func Conceal(f *schema.Field, v any) any {
	if f == nil {
		return concealBelow(nil, v, nil, false)
	}
	return concealBelow(f, v, f.Default, false)
}

// concealBelow conceals a value by its field and by what its place holds by
// default.
func concealBelow(f *schema.Field, v, fallback any, secret bool) any {
	if fallback != nil && AsStored.Same(f, fallback, v) {
		return v
	}
	secret = secret || IsSecret(f)
	switch v := v.(type) {
	case map[string]any:
		defaults, _ := fallback.(map[string]any)
		out := make(map[string]any, len(v))
		schema.Walk(f, v, func(c *schema.Cursor) bool {
			if len(c.Path) == 0 {
				return true
			}
			name := c.Path[0].Name
			out[name] = concealBelow(c.Field, c.Value, fallbackOf(c.Field, defaults, name), secret || c.Field == nil && LooksSecret(name))
			return false
		})
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = concealBelow(f.Below(schema.Each), e, nil, secret)
		}
		return out
	case string:
		if !secret && isListed(f, v) || v == "" || schema.IsReference(v) {
			return v
		}
		return Concealed
	case json.Number:
		if secret {
			return Concealed
		}
	}
	return v
}

// fallbackOf is what a member holds by default: what the default of its record
// says, or its own.
func fallbackOf(f *schema.Field, defaults map[string]any, name string) any {
	if v, ok := defaults[name]; ok || f == nil {
		return v
	}
	return f.Default
}

// isListed reports whether a text is one of those that a field allows.
func isListed(f *schema.Field, text string) bool {
	if f == nil {
		return false
	}
	list, _ := f.Def["one_of"].([]any)
	return slices.Contains(list, any(text))
}
