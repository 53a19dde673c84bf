package provider

import (
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// attributeName is the attribute that stands for a field of the API. Nearly all
// fields have the name already; Terraform takes lower-case letters, digits and
// underscores only, and a number sign becomes the word, as in the published
// resources: X-Cache-Key is x_cache_key, x5t#S256 is x5t_number_s256.
func attributeName(key string) string {
	return intoNames.Replace(strings.ToLower(key))
}

// A replacer costs more to make than to use.
var intoNames = strings.NewReplacer("-", "_", "#", "_number_")

// apiNames gives the members of a value the API's names where they have the
// names of attributes.
func apiNames(f *schema.Field, v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			name := apiName(f, k)
			out[name] = apiNames(memberOf(f, name), e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = apiNames(elementOf(f), e)
		}
		return out
	}
	return v
}

// apiName is the field of a record that an attribute stands for, or the name
// as it is.
func apiName(f *schema.Field, name string) string {
	if f == nil || f.Record == nil || f.Record.Field(name) != nil {
		return name
	}
	for _, field := range f.Record.Fields {
		if field.Name != name && attributeName(field.Name) == name {
			return field.Name
		}
	}
	return name
}
