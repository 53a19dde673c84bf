package schema

import "fmt"

// selector chooses the subschema of an entity by one of its fields.
type selector struct {
	key     string
	lookup  func(name string) *Schema
	unknown string // message with one %s
	// variants are the subschemas by name, if they are in the definition.
	variants map[string]*Schema
}

// Variants returns the subschemas in a definition, by the value of the field
// with that key: those of an entity, or the kinds of a record, which have the
// record's own fields and more. Plugins have none.
func (s *Schema) Variants() (key string, byValue map[string]*Schema) {
	if s.selector == nil || len(s.selector.variants) == 0 {
		return "", nil
	}
	return s.selector.key, s.selector.variants
}

// subschemas compiles the subschemas in a definition and makes the schema
// choose among them. An entity whose subschemas come from elsewhere (plugins)
// declares only subschema_key and gets them by WithSubschemas.
func (c compiler) subschemas(s *Schema) error {
	key, _ := s.Def["subschema_key"].(string)
	if key == "" {
		return nil
	}
	s.selector = &selector{key: key, lookup: func(string) *Schema { return nil }}
	if s.selector.unknown, _ = s.Def["subschema_error"].(string); s.selector.unknown == "" {
		s.selector.unknown = "unknown type: %s"
	}
	defs, _ := s.Def["subschemas"].(map[string]any)
	merged := make(map[string]*Schema, len(defs))
	for name, v := range defs {
		def, _ := v.(map[string]any)
		sub, err := c.schema(def, true)
		if err != nil {
			return fmt.Errorf("subschema %s: %w", name, err)
		}
		if merged[name], err = s.specialize(sub, name, c.refs); err != nil {
			return err
		}
	}
	s.selector.lookup = func(name string) *Schema { return merged[name] }
	s.selector.variants = merged
	return nil
}

// variants compiles the subschemas of a record. Unlike those of an entity they
// add fields to the record's own. This is how the catalog describes nodes of
// several kinds in one list; Kong's public language has no such records.
func (c compiler) variants(s *Schema, implicit bool) error {
	key, _ := s.Def["subschema_key"].(string)
	if key == "" {
		return nil
	}
	own, _ := AsList(s.Def["fields"])
	checks, _ := AsList(s.Def["entity_checks"])
	defs, _ := s.Def["subschemas"].(map[string]any)
	merged := make(map[string]*Schema, len(defs))
	for name, v := range defs {
		def, _ := v.(map[string]any)
		fields, _ := AsList(def["fields"])
		more, _ := AsList(def["entity_checks"])
		sub, err := c.schema(Def{
			"fields":        append(append([]any(nil), own...), fields...),
			"entity_checks": append(append([]any(nil), checks...), more...),
		}, implicit)
		if err != nil {
			return fmt.Errorf("subschema %s: %w", name, err)
		}
		merged[name] = sub
	}
	s.selector = &selector{key: key, lookup: func(name string) *Schema { return merged[name] }, variants: merged}
	return nil
}

// undecided reports whether the subschema depends on an unknown value.
func (s *Schema) undecided(m map[string]any) bool {
	return s.selector != nil && HasUnknown(m[s.selector.key])
}

// WithSubschemas returns the schema with its subschemas taken from lookup,
// which returns nil for an unknown name and what [Schema.Specialize] made for
// a known one.
func (s *Schema) WithSubschemas(lookup func(name string) *Schema) *Schema {
	bound := *s
	bound.root = nil
	bound.root = bound.whole()
	sel := *s.selector
	sel.lookup = lookup
	bound.selector = &sel
	return &bound
}

// Specialize merges a plugin's schema into the entity: the result describes
// the whole entity for that plugin. A field of the subschema replaces the
// entity's own definition altogether. Errors are those of Kong when a schema
// does not fit: a new field, a changed type, an abstract field left open.
func (s *Schema) Specialize(sub *Schema) (*Schema, error) {
	return s.specialize(sub, sub.Name, nil)
}

func (s *Schema) specialize(sub *Schema, name string, refs func(string) *Schema) (*Schema, error) {
	if err := s.compatible(sub, name); err != nil {
		return nil, err
	}
	m := &Schema{
		Name: name, Def: sub.Def,
		ShorthandFields: s.ShorthandFields, shorthands: s.shorthands,
		check: s.check,
	}
	for _, f := range s.Fields {
		if own := sub.index[f.Name]; own != nil {
			f = own
		}
		m.Fields = append(m.Fields, f)
	}
	// Kong looks for missing fields by the entity's own definitions.
	m.setIndex(func(f *Field) bool { return s.index[f.Name].Required })
	m.transforms = append(append(m.transforms, s.transforms...), sub.transforms...)
	c := compiler{refs: refs}
	for _, def := range []Def{s.Def, sub.Def} {
		checks, err := c.entityChecks(m, def["entity_checks"])
		if err != nil {
			return nil, err
		}
		m.checks = append(m.checks, checks...)
	}
	return m, nil
}

// Misfit says which field of a subschema does not fit into its entity.
type Misfit struct {
	Field     string
	Rule      MisfitRule
	Reference string // the entity that is not there, as written
	message   string
}

// MisfitRule is the rule that a field breaks if it does not fit.
type MisfitRule int

// The rules for fields of a subschema.
const (
	MisfitReference MisfitRule = iota // a foreign field refers to an entity that there is
	MisfitField                       // the entity has a field of that name
	MisfitType                        // of the same type
	MisfitAbstract                    // what the entity leaves open is told
)

// Error is Kong's text.
func (m *Misfit) Error() string { return m.message }

func misfit(schema, field string, rule MisfitRule, reason string) error {
	return &Misfit{Field: field, Rule: rule, message: fmt.Sprintf("error in definition of '%s': %s: %s", schema, field, reason)}
}

func (s *Schema) compatible(sub *Schema, name string) error {
	for _, f := range sub.Fields {
		if f.Type == Foreign && f.target == nil {
			return &Misfit{Field: f.Name, Rule: MisfitReference, Reference: f.Reference, message: "schema refers to an invalid foreign entity: " + orText(f.Reference, "nil")}
		}
	}
	for _, f := range sub.Fields {
		parent := s.index[f.Name]
		if parent == nil {
			return misfit(name, f.Name, MisfitField, "cannot create a new field")
		}
		if !compatibleTypes(f, parent) {
			return misfit(name, f.Name, MisfitType, "cannot change type in a specialized field")
		}
	}
	for _, f := range s.Fields {
		own := sub.index[f.Name]
		if own != nil && own.Abstract || own == nil && f.Abstract && f.Required {
			return misfit(name, f.Name, MisfitAbstract, "abstract field was not specialized")
		}
	}
	return nil
}

func compatibleTypes(f, parent *Field) bool {
	if f.Type != parent.Type {
		return parent.Type == Record && f.Type == JSON
	}
	same := func(a, b *Field) bool { return (a == nil) == (b == nil) && (a == nil || a.Type == b.Type) }
	switch f.Type {
	case Array, Set:
		return same(f.Elements, parent.Elements)
	case Map:
		return same(f.Keys, parent.Keys) && same(f.Values, parent.Values)
	}
	return true
}

// choose returns the schema that applies to the entity. ok is false when the
// selector's value names none; then it is the entity's own schema.
func (s *Schema) choose(entity map[string]any) (chosen *Schema, ok bool) {
	if s.selector == nil {
		return s, true
	}
	switch v := entity[s.selector.key].(type) {
	case string:
		if sub := s.selector.lookup(v); sub != nil {
			return sub, true
		}
	case []any: // a set: its first known member decides
		for _, e := range v {
			if name, isText := e.(string); isText {
				if sub := s.selector.lookup(name); sub != nil {
					return sub, true
				}
			}
		}
	}
	return s, false
}

// selectorFault says why no subschema was found; it hides all other faults.
func (r *run) selectorFault(s *Schema, entity map[string]any) *Errors {
	key := s.selector.key
	f := s.index[key]
	fault := func(rule, message string) *Errors {
		r.path = append(r.path, Key(key))
		defer r.pop()
		return (*Errors)(nil).set(key, r.violation(f, rule, message))
	}
	switch v := entity[key].(type) {
	case nil:
		return fault("required", "required field missing")
	case unknown:
		return nil
	case string:
		return fault("subschema", fmt.Sprintf(s.selector.unknown, v))
	case []any:
		if HasUnknown(v) {
			return nil
		}
		first := "nil"
		if len(v) > 0 {
			first = toText(v[0])
		}
		return fault("subschema", fmt.Sprintf(s.selector.unknown, first))
	}
	if f != nil && f.Type == Set {
		return fault("type", "expected a set")
	}
	return fault("type", "expected a string")
}
