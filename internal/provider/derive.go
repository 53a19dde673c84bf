package provider

import (
	"maps"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// facts are the shapes of published attributes that no rule gives, by dotted
// path from the resource; elements of lists and maps take no step.
type facts struct {
	// setsAreLists: plain sets are published as lists. Their order is still
	// without meaning.
	setsAreLists bool
	// typed: the modes are those of resources for one plugin, see modeIn.
	typed bool
	at    map[string]fact
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
	served      bool              // see attribute
	older       []any             // see attribute
	since       string            // the gateway version that brought it
	instead     schema.Def        // the definition that the attribute is derived from in place of the field's
	old         []string          // shorthand fields that are attributes, too
	aliases     map[string]string // see attribute
	description string            // for people
}

// derivation turns the fields of a schema into attributes by one rule: a
// record becomes a nested object, a collection of records a nested list, and
// everything else its plain counterpart. What has a default is optional and
// computed, what is required without one is required, the rest is optional.
type derivation struct {
	facts facts
	// inside: the fields are those of an element of a list, set or map.
	inside bool
}

// within is the derivation of what a collection holds.
func (d derivation) within() derivation {
	d.inside = true
	return d
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
	for _, name := range d.facts.at[at].old {
		if f := s.Shorthand(name); f != nil {
			out = append(out, d.shorthand(f, join(at, name)))
		}
	}
	return out
}

// shorthand derives what stands for an old name.
func (d derivation) shorthand(f *schema.Field, at string) *attribute {
	a := d.field(f, at)
	a.mode, a.shorthand = optional|computed, f
	a.deprecated = successor(f, nil)
	return a
}

func (d derivation) field(f *schema.Field, at string) *attribute {
	fact := d.facts.at[at]
	if fact.hidden {
		return nil
	}
	a := d.shape(f, fact, at)
	a.name, a.key = attributeName(f.Name), f.Name
	a.mode = d.modeOf(f)
	if fact.mode != 0 {
		a.mode = fact.mode
	}
	if fact.reform {
		a.form = fact.form
	}
	switch {
	case a.form == formDynamic:
		a.elem, a.children = nil, nil
	case a.form == formMap && a.elem == nil:
		a.elem, a.children = &attribute{form: formString}, nil
	}
	a.sensitive = document.IsSecret(f) || fact.sensitive
	a.sticky, a.replace, a.served, a.older, a.aliases = fact.sticky, fact.replace, fact.served, fact.older, fact.aliases
	a.description, a.meaning = describe(f, fact), fact.description
	if f.Deprecation != nil {
		a.deprecated = "It is on its way out. " + replacement(f, nil)
	}
	return a
}

// shape derives the form of a field, or of what the published resource takes
// in its place.
func (d derivation) shape(f *schema.Field, is fact, at string) *attribute {
	if is.instead == nil {
		return d.value(f, at)
	}
	s, err := schema.Compile(schema.Def{"fields": []any{map[string]any{f.Name: is.instead}}}, nil)
	if err != nil {
		return d.value(f, at) // the test of the published shapes would tell
	}
	a := d.value(s.Fields[0], at)
	a.field = f
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
		if f.Def["referenceable"] == "any" {
			a.form = formString // a number, or a reference to one
		}
	case schema.Record:
		a.form = formObject
		if f.Record != nil {
			a.record = f.Record
			a.children = d.record(f.Record, at)
			if key, kinds := f.Record.Variants(); key != "" {
				a.kind, a.children = key, d.kinds(key, kinds, at)
			}
		}
	case schema.Foreign:
		a.form = formObject
		a.children = []*attribute{{
			name: "id", key: "id", mode: optional | computed, form: formString,
			description: "ID of the entity.",
		}}
	case schema.Array, schema.Set:
		a.form = formList
		a.elem = d.within().value(f.Elements, at)
		if f.Type == schema.Set && !d.facts.setsAreLists && a.elem.form != formObject {
			a.form = formSet
		}
	case schema.Map:
		a.form = formMap
		a.elem = d.within().value(f.Values, at)
	case schema.Any:
		a.form = formDynamic
	default:
		a.form = formString
	}
	return a
}

// kinds derives one object for each kind of a record; which of them is given
// tells the kind.
func (d derivation) kinds(key string, kinds map[string]*schema.Schema, at string) []*attribute {
	out := make([]*attribute, 0, len(kinds))
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		s := kinds[name]
		path := join(at, name)
		a := &attribute{
			name: attributeName(name), key: name, mode: optional, form: formObject,
			field: &schema.Field{Name: name, Type: schema.Record, Record: s}, record: s,
			description: "One of the kind `" + name + "`.",
		}
		for _, c := range d.within().record(s, path) {
			if c.key != key {
				a.children = append(a.children, c)
			}
		}
		out = append(out, a)
	}
	return out
}

// modeOf is the mode that a rule gives. The published resources for one plugin
// have a rule of their own below config: what has a choice of values is computed,
// too, and so is whatever an element of a list must have; a record is required
// if something in it is.
func (d derivation) modeOf(f *schema.Field) mode {
	switch {
	case f.HasDefault && f.Default != nil, f.Auto, f.Type == schema.Foreign:
		return optional | computed
	case f.Type == schema.Record && d.facts.typed:
		if f.Required && !d.inside && d.asksForSomething(f) {
			return required
		}
		return optional | computed
	case f.Type == schema.Record && f.Def["required"] != false:
		return optional | computed
	case f.Required && !(d.facts.typed && d.inside):
		return required
	case d.facts.typed && (f.Required || f.Def["one_of"] != nil):
		return optional | computed
	default:
		return optional
	}
}

// asksForSomething reports whether a record has a field that must be given.
func (d derivation) asksForSomething(f *schema.Field) bool {
	return f.Record != nil && slices.ContainsFunc(f.Record.Fields, func(c *schema.Field) bool { return d.modeOf(c) == required })
}

func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}
