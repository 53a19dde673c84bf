package provider

import (
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// facts are the shapes of published attributes that no rule gives, by dotted
// path from the resource; elements of lists and maps take no step.
type facts struct {
	// setsAreLists: plain sets are published as lists. Their order is still
	// without meaning.
	setsAreLists bool
	at           map[string]fact
}

// fact is where one published attribute departs from the rule.
type fact struct {
	mode        mode              // 0: as the rule says
	form        form              // meaningful when reform
	reform      bool              // form replaces the rule's
	hidden      bool              // not offered
	sensitive   bool              // beyond what the schema marks
	sticky      bool              // see attribute
	replace     bool              // see attribute
	older       []any             // see attribute
	aliases     map[string]string // see attribute
	description string            // for people
}

// derivation turns the fields of a schema into attributes by one rule: a
// record becomes a nested object, a collection of records a nested list, and
// everything else its plain counterpart. What has a default is optional and
// computed, what is required without one is required, the rest is optional.
type derivation struct {
	facts facts
}

// record returns the attributes of a record's fields.
func (d derivation) record(s *schema.Schema, at string) []*attribute {
	out := make([]*attribute, 0, len(s.Fields))
	for _, f := range s.Fields {
		if s.Field(f.Name) != f {
			continue // a later field of the same name takes its place
		}
		if a := d.field(f, join(at, f.Name)); a != nil {
			out = append(out, a)
		}
	}
	return out
}

func (d derivation) field(f *schema.Field, at string) *attribute {
	fact := d.facts.at[at]
	if fact.hidden {
		return nil
	}
	a := d.value(f, at)
	a.name, a.key = attributeName(f.Name), f.Name
	a.mode = modeOf(f)
	if fact.mode != 0 {
		a.mode = fact.mode
	}
	if fact.reform {
		a.form = fact.form
	}
	if a.form == formDynamic {
		a.elem, a.children = nil, nil
	}
	a.sensitive = f.Encrypted || fact.sensitive
	a.sticky, a.replace, a.older, a.aliases = fact.sticky, fact.replace, fact.older, fact.aliases
	a.description, a.meaning = describe(f, fact.description), fact.description
	if f.Deprecation != nil {
		a.deprecated = f.Deprecation.Message
	}
	return a
}

// value derives the form of a field, an element or a map's value.
func (d derivation) value(f *schema.Field, at string) *attribute {
	a := &attribute{field: f}
	switch f.Type {
	case schema.Boolean:
		a.form = formBool
	case schema.Integer, schema.NumberType:
		a.form = formNumber
	case schema.Record:
		a.form = formObject
		if f.Record != nil {
			a.record = f.Record
			a.children = d.record(f.Record, at)
		}
	case schema.Foreign:
		a.form = formObject
		a.children = []*attribute{{
			name: "id", key: "id", mode: optional | computed, form: formString,
			description: "ID of the entity.",
		}}
	case schema.Array, schema.Set:
		a.form = formList
		a.elem = d.value(f.Elements, at)
		if f.Type == schema.Set && !d.facts.setsAreLists && a.elem.form != formObject {
			a.form = formSet
		}
	case schema.Map:
		a.form = formMap
		a.elem = d.value(f.Values, at)
	case schema.Any:
		a.form = formDynamic
	default:
		a.form = formString
	}
	return a
}

func modeOf(f *schema.Field) mode {
	switch {
	case f.HasDefault && f.Default != nil, f.Auto, f.Type == schema.Foreign:
		return optional | computed
	case f.Type == schema.Record && f.Def["required"] != false:
		return optional | computed
	case f.Required:
		return required
	default:
		return optional
	}
}

func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}
