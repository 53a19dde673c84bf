// Package wording says in words what a schema wants and what is wrong with a
// document: [Advice] and [Explained] for violations, [FieldKind] and [Choices]
// for fields, [Outdated] for old names. A [Problem] is what users read.
//
// The package knows schemas. It does not know where a text is shown.
package wording

import (
	"fmt"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Advice says what would be right, beyond what the message itself says.
func Advice(v *schema.Violation) string {
	switch v.Rule {
	case "unknown_field":
		return unknownField(v)
	case "type", "required":
		if v.Field != nil {
			return wanted(v.Field)
		}
	case "match", "match_all", "match_any", "not_match", "match_none":
		return pattern(v.Field)
	case "custom_validator":
		return forms[validator(v.Field)]
	}
	return ""
}

// forms are what validators want whose messages say only what is wrong.
var forms = map[string]string{
	"typedefs.host.custom_validator": "Wanted is a host name or an IP address, without a port.",
}

// validator names the function that judges a field.
func validator(f *schema.Field) string {
	if f == nil {
		return ""
	}
	fn, _ := f.Def["custom_validator"].(*schema.Function)
	if fn == nil {
		return ""
	}
	return fn.Name
}

func unknownField(v *schema.Violation) string {
	if len(v.Path) == 0 || len(v.Known) == 0 {
		return ""
	}
	known := "Known here: " + List(v.Known, 60) + "."
	if near := schema.Nearest(v.Path[len(v.Path)-1].Name, v.Known); near != "" {
		return fmt.Sprintf("Did you mean %q? %s", near, known)
	}
	return known
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
