package attribute

import (
	"maps"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wording"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Facts are the shapes of published attributes that no rule gives, by dotted
// path from the resource; elements of lists and maps take no step.
type Facts struct {
	// SetsAreLists: plain sets are published as lists. Their order is still
	// without meaning.
	SetsAreLists bool
	// Typed: the modes are those of resources for one plugin, see modeOf.
	Typed bool
	At    map[string]Fact
	// Words describes the attribute at a path for people, where At does not; "" or
	// nil where it has nothing to say.
	Words func(path string) string
}

// wordsFor describes the attribute at a path, or returns "".
func (f Facts) wordsFor(path string) string {
	if own := f.At[path].Description; own != "" || f.Words == nil {
		return own
	}
	return f.Words(path)
}

// Fact is where one published attribute departs from the rule.
type Fact struct {
	Mode        Mode              // 0: as the rule says
	Form        Form              // 0: as the rule says
	Hidden      bool              // not offered
	Sticky      bool              // see Attribute
	Replace     bool              // see Attribute
	Served      bool              // see Attribute
	WriteOnly   bool              // it has a write-only form, too; at the top level alone
	Since       string            // the gateway version that brought it
	Instead     schema.Def        // the definition that the attribute is derived from in place of the field's
	Old         []string          // shorthand fields that are attributes, too
	Aliases     map[string]string // see Attribute
	Description string            // for people
}

// Derivation turns the fields of a schema into attributes by one rule: a
// record becomes a nested object, a collection of records a nested list, and
// everything else its plain counterpart. What has a default is optional and
// computed, what is required without one is required, the rest is optional.
type Derivation struct {
	Facts Facts
	// inside: the fields are those of an element of a list, set or map.
	inside bool
}

// within is the derivation of what a collection holds.
func (d Derivation) within() Derivation {
	d.inside = true
	return d
}

// Record returns the attributes of a record's fields. The path leads to the
// record from the resource; "" is the resource itself.
func (d Derivation) Record(s *schema.Schema, at string) []*Attribute {
	out := make([]*Attribute, 0, len(s.Fields))
	for _, f := range s.Fields {
		if s.Field(f.Name) != f {
			continue // a later field of the same name takes its place
		}
		a := d.Field(f, join(at, f.Name))
		if a == nil {
			continue
		}
		out = append(out, a)
		if d.Facts.At[join(at, f.Name)].WriteOnly {
			out = append(out, a.twins()...)
		}
	}
	for _, name := range d.Facts.At[at].Old {
		if f := s.Shorthand(name); f != nil {
			out = append(out, d.shorthand(f, join(at, name)))
		}
	}
	return out
}

// shorthand derives what stands for an old name.
func (d Derivation) shorthand(f *schema.Field, at string) *Attribute {
	a := d.Field(f, at)
	a.Mode, a.Shorthand = Optional|Computed, f
	a.deprecated = wording.Successor(f, nil)
	if d.Facts.wordsFor(at) == "" {
		a.Description = a.deprecated
	}
	return a
}

// Field returns the attribute for one field, or nil where it is hidden. The
// path leads to it from the resource.
func (d Derivation) Field(f *schema.Field, at string) *Attribute {
	fact := d.Facts.At[at]
	if fact.Hidden {
		return nil
	}
	a := d.shape(f, fact, at)
	a.Name, a.Key = NameOf(f.Name), f.Name
	a.Mode = d.modeOf(f)
	if fact.Mode != 0 {
		a.Mode = fact.Mode
	}
	if fact.Form != 0 {
		a.Form = fact.Form
	}
	switch {
	case a.Form == FormDynamic:
		a.Elem, a.Children = nil, nil
	case a.Form == FormMap && a.Elem == nil:
		a.Elem, a.Children = &Attribute{Form: FormString}, nil
	}
	a.Sensitive = document.IsSecret(f)
	a.Sticky, a.Replace, a.Served, a.aliases = fact.Sticky, fact.Replace, fact.Served, fact.Aliases
	a.Description = describe(f, fact, d.Facts.wordsFor(at))
	if a.Writable() && a.IsNotedTime() { // deprecated, or Terraform generates configurations with it
		a.deprecated = "The control plane notes this time down itself. Leave it out."
	}
	if f.Deprecation != nil {
		a.deprecated = "It is on its way out. " + wording.Replacement(f, nil)
	}
	return a
}

// shape derives the form of a field, or of what the published resource takes
// in its place.
func (d Derivation) shape(f *schema.Field, is Fact, at string) *Attribute {
	if is.Instead == nil {
		return d.value(f, at)
	}
	s, err := schema.Compile(schema.Def{"fields": []any{map[string]any{f.Name: is.Instead}}}, nil)
	if err != nil {
		return d.value(f, at) // the test of the published shapes would tell
	}
	a := d.value(s.Fields[0], at)
	a.Field = f
	return a
}

// value derives the form of a field, an element or a map's value.
func (d Derivation) value(f *schema.Field, at string) *Attribute {
	a := &Attribute{Field: f}
	switch f.Type {
	case schema.Boolean:
		a.Form = FormBool
	case schema.Integer, schema.NumberType:
		a.Form = FormNumber
		if f.Def["referenceable"] == "any" {
			a.Form = FormString // a number, or a reference to one
		}
	case schema.Record:
		a.Form = FormObject
		if f.Record != nil {
			a.Record = f.Record
			a.Children = d.Record(f.Record, at)
			if key, kinds := f.Record.Variants(); key != "" {
				a.kind, a.Children = key, d.kinds(key, kinds, at)
			}
		}
	case schema.Foreign:
		a.Form = FormObject
		a.Children = []*Attribute{{
			Name: "id", Key: "id", Mode: Optional | Computed, Form: FormString,
			Description: "ID of the entity.",
		}}
	case schema.Array, schema.Set:
		a.Form = FormList
		a.Elem = d.within().value(f.Elements, at)
		if f.Type == schema.Set && !d.Facts.SetsAreLists && a.Elem.Form != FormObject {
			a.Form = FormSet
		}
	case schema.Map:
		a.Form = FormMap
		a.Elem = d.within().value(f.Values, at)
	case schema.Any:
		a.Form = FormDynamic
	default:
		a.Form = FormString
	}
	return a
}

// AddKinds makes an object one of several kinds, which the key names.
func (d Derivation) AddKinds(to *Attribute, key string, kinds map[string]*schema.Schema) {
	to.kind = key
	to.Children = append(to.Children, d.kinds(key, kinds, "")...)
}

// kinds derives one object for each kind of a record. A configuration gives the
// object of the kind that it wants.
func (d Derivation) kinds(key string, kinds map[string]*schema.Schema, at string) []*Attribute {
	out := make([]*Attribute, 0, len(kinds))
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		s := kinds[name]
		path := join(at, name)
		a := &Attribute{
			Name: NameOf(name), Key: name, Mode: Optional, Form: FormObject, OfKind: true,
			Field: &schema.Field{Name: name, Type: schema.Record, Record: s}, Record: s,
			Description: d.Facts.wordsFor(path),
		}
		if a.Description == "" {
			a.Description = "One of the kind `" + name + "`."
		}
		for _, c := range d.within().Record(s, path) {
			if c.Key != key {
				a.Children = append(a.Children, c)
			}
		}
		out = append(out, a)
	}
	return out
}

// modeOf returns the mode that the rule gives. The published resources for one
// plugin have another rule below config: fields with a choice of values, and
// required fields of elements of lists, are optional and computed; a record is
// required if something in it is.
func (d Derivation) modeOf(f *schema.Field) Mode {
	switch {
	case f.HasDefault && f.Default != nil, f.Auto, f.Type == schema.Foreign:
		return Optional | Computed
	case f.Type == schema.Record && d.Facts.Typed:
		if f.Required && !d.inside && d.asksForSomething(f) {
			return Required
		}
		return Optional | Computed
	case f.Type == schema.Record && f.Def["required"] != false:
		return Optional | Computed
	case f.Required && !(d.Facts.Typed && d.inside):
		return Required
	case d.Facts.Typed && (f.Required || f.Def["one_of"] != nil):
		return Optional | Computed
	default:
		return Optional
	}
}

// asksForSomething reports whether a record has a field that must be given.
func (d Derivation) asksForSomething(f *schema.Field) bool {
	return f.Record != nil && slices.ContainsFunc(f.Record.Fields, func(c *schema.Field) bool { return d.modeOf(c) == Required })
}

func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

// With adds descriptions where the facts have none.
func (f Facts) With(common map[string]Fact) Facts {
	at := make(map[string]Fact, len(f.At)+len(common))
	for path, fact := range common {
		at[path] = fact
	}
	for path, fact := range f.At {
		if fact.Description == "" {
			fact.Description = common[path].Description
		}
		at[path] = fact
	}
	f.At = at
	return f
}
