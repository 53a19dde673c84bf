package attribute

import (
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// NameOf returns the name of the attribute for a field of the API. Most names
// stay as they are. Terraform allows only lower-case letters, digits and
// underscores; a number sign becomes the word "number", as in the published
// resources: X-Cache-Key is x_cache_key, x5t#S256 is x5t_number_s256.
func NameOf(key string) string {
	return intoNames.Replace(strings.ToLower(key))
}

// TypedResource is the type of the resource for one plugin.
func TypedResource(plugin string) string { return "konnect_gateway_plugin_" + NameOf(plugin) }

// A replacer costs more to make than to use.
var intoNames = strings.NewReplacer("-", "_", "#", "_number_")

// APIForm turns a value with the names and forms of a typed resource's attributes
// into the API's. The attribute may be nil: then forms do not differ.
func APIForm(f *schema.Field, a *Attribute, v any) any {
	switch v := v.(type) {
	case map[string]any:
		if kind := givenKind(a, v); kind != nil {
			if schema.IsUnknown(v[kind.Name]) {
				return schema.Unknown
			}
			if inner, ok := APIForm(f, kind, v[kind.Name]).(map[string]any); ok {
				inner[a.kind] = kind.Key
				return inner
			}
		}
		out := make(map[string]any, len(v))
		for k, e := range v {
			name := apiName(f, k)
			out[name] = APIForm(f.Below(schema.Key(name)), a.memberFor(name), e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = APIForm(f.Below(schema.Each), a.element(), e)
		}
		return out
	}
	return v
}

// givenKind returns the attribute of the kind that an object is given as. It
// returns nil for an object in the API's form, where the kind is a member.
func givenKind(a *Attribute, v map[string]any) *Attribute {
	if a == nil || a.kind == "" || v[a.kind] != nil {
		return nil
	}
	var found *Attribute
	for name, e := range v {
		kind := a.Named(name)
		if kind == nil || !kind.OfKind || e != nil && found != nil {
			return nil
		}
		if e != nil {
			found = kind
		}
	}
	return found
}

func (a *Attribute) memberFor(key string) *Attribute {
	if a == nil {
		return nil
	}
	if a.Form == FormMap {
		return a.Elem
	}
	return a.Child(key)
}

func (a *Attribute) element() *Attribute {
	if a == nil {
		return nil
	}
	return a.Elem
}

// apiName returns the field of a record that an attribute stands for, or the name
// itself.
func apiName(f *schema.Field, name string) string {
	if f == nil || f.Record == nil || f.Record.Field(name) != nil {
		return name
	}
	for _, field := range f.Record.Fields {
		if field.Name != name && NameOf(field.Name) == name {
			return field.Name
		}
	}
	return name
}
