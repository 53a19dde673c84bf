package schema

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
)

// Compile turns a definition into a Schema. It is as lenient as Kong: a mistake
// that the metaschema reports ([CheckDefinition]) is an error here only if the
// definition cannot be compiled. refs resolves the entities that foreign fields
// refer to; it may be nil if there are none.
func Compile(def Def, refs func(entity string) *Schema) (*Schema, error) {
	c := compiler{refs: refs}
	s, err := c.schema(def, true)
	if err != nil {
		return nil, err
	}
	return s, c.subschemas(s)
}

// MustCompile is Compile for definitions that are part of the program.
func MustCompile(def Def, refs func(entity string) *Schema) *Schema {
	s, err := Compile(def, refs)
	if err != nil {
		panic(fmt.Sprintf("schema %v: %v", def["name"], err))
	}
	return s
}

type compiler struct {
	refs   func(entity string) *Schema
	sparse bool // the metaschema is compiled: see Schema
}

// schema compiles a list of fields with its checks. implicit says that record
// fields are required by default. That holds at the top and in records, but not
// below elements, keys and values.
func (c compiler) schema(def Def, implicit bool) (*Schema, error) {
	s := &Schema{Def: def, sparse: c.sparse}
	s.Name, _ = def["name"].(string)
	if err := c.fields(s, def, implicit); err != nil {
		return nil, err
	}
	if err := c.shorthands(s, def); err != nil {
		return nil, err
	}
	s.setIndex(func(f *Field) bool { return f.Required })
	s.check, _ = def["check"].(*Function)
	var err error
	if s.checks, err = c.entityChecks(s, def["entity_checks"]); err != nil {
		return nil, err
	}
	s.transforms = compileTransformations(def["transformations"])
	return s, nil
}

// setIndex prepares the views of Fields that validation uses.
func (s *Schema) setIndex(required func(*Field) bool) {
	if s.Name != "" {
		s.root = s.whole()
	}
	s.index = indexFields(s.Fields)
	for _, f := range s.Fields {
		if s.index[f.Name] == f {
			s.live = append(s.live, f)
			s.must = append(s.must, required(f))
		}
	}
	s.repeats = len(s.live) < len(s.Fields)
	s.fillsFine = make([]atomic.Int32, len(s.live))
}

// What is known of a field in [Schema.fillsFine].
const (
	fillsUnseen = iota
	fillsWell
	fillsOtherwise
)

// leavesFine reports whether a live field may be absent without being judged. It
// finds that out when first asked: most schemas are compiled to be shown, and of
// the others few fields are left out.
func (s *Schema) leavesFine(i int) bool {
	known := s.fillsFine[i].Load()
	if known == fillsUnseen {
		known = fillsOtherwise
		if fillsInFine(s.live[i], s.must[i]) {
			known = fillsWell
		}
		s.fillsFine[i].Store(known)
	}
	return known == fillsWell
}

// fillsInFine reports whether an absent field always gets the same value, and
// that value is valid, so that it need not be judged again. The test runs no
// code from outside.
func fillsInFine(f *Field, must bool) bool {
	if f.Auto || f.Type == JSON || f.alias != nil || f.self {
		return false
	}
	r := newRun(context.Background(), Insert)
	r.known = true
	v, present, errs := r.missing(f)
	if errs != nil || !present || v == nil && must || v != nil && f.runsCode() {
		return false
	}
	r.complete = !r.verbatim
	return r.field(f, v, f.Required) == nil
}

// runsCode reports whether judging the field may call a function from outside.
func (f *Field) runsCode() bool {
	for i := range f.rules {
		if fn := f.rules[i].fn; fn != nil && fn.Check == nil {
			return true
		}
	}
	for _, inner := range []*Field{f.Elements, f.Keys, f.Values} {
		if inner != nil && inner.alias == nil && inner.runsCode() {
			return true
		}
	}
	return f.Record != nil && f.Record.runsCode()
}

func (s *Schema) runsCode() bool {
	for i := range s.checks {
		if s.checks[i].fn != nil {
			return true
		}
	}
	for _, f := range s.Fields {
		if f.runsCode() {
			return true
		}
	}
	return len(s.ShorthandFields) > 0 && s.selector != nil
}

// indexFields maps names to fields; of two with one name the last one counts.
func indexFields(fields []*Field) map[string]*Field {
	index := make(map[string]*Field, len(fields))
	for _, f := range fields {
		index[f.Name] = f
	}
	return index
}

func (c compiler) fields(s *Schema, def Def, implicit bool) error {
	list, ok := AsList(def["fields"])
	if !ok && def["fields"] != nil {
		return fmt.Errorf("fields: expected an array")
	}
	for i, item := range list {
		name, fdef, ok := fieldEntry(item)
		if !ok {
			return fmt.Errorf("fields[%d]: expected one name with one definition", i)
		}
		f, err := c.entry(name, fdef, implicit)
		if err != nil {
			return err
		}
		s.Fields = append(s.Fields, f)
	}
	return nil
}

// entry compiles a named field. Its definition may be a compiled field already:
// so the metaschema can refer to itself.
func (c compiler) entry(name string, fdef any, implicit bool) (*Field, error) {
	switch fdef := fdef.(type) {
	case *Field:
		if name == "" {
			return fdef, nil
		}
		return &Field{Name: name, alias: fdef}, nil
	case map[string]any:
		f, err := c.field(fdef, implicit)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		f.Name = name
		return f, nil
	}
	return nil, fmt.Errorf("'%s' must be a table", name)
}

// fieldEntry splits a one-entry map of a field list.
func fieldEntry(item any) (name string, fdef any, ok bool) {
	m, _ := item.(map[string]any)
	if len(m) != 1 {
		return "", nil, false
	}
	for name, fdef = range m {
	}
	return name, fdef, true
}

// DefinitionAt returns the definition of the field that a path of names leads
// to, with [Each] for the elements of a list, or nil. Of two fields with one
// name the first is meant.
func DefinitionAt(def Def, path Path) Def {
	for _, step := range path {
		if step == Each {
			def, _ = def["elements"].(map[string]any)
			continue
		}
		list, _ := AsList(def["fields"])
		i := slices.IndexFunc(list, func(item any) bool {
			name, fdef, ok := fieldEntry(item)
			_, isDef := fdef.(map[string]any)
			return ok && isDef && name == step.Name
		})
		if i < 0 {
			return nil
		}
		_, fdef, _ := fieldEntry(list[i])
		def, _ = fdef.(map[string]any)
	}
	return def
}

func (c compiler) shorthands(s *Schema, def Def) error {
	list, _ := AsList(def["shorthand_fields"])
	for i, item := range list {
		name, fdef, ok := fieldEntry(item)
		m, isDef := fdef.(map[string]any)
		if !ok || !isDef {
			return fmt.Errorf("shorthand_fields[%d]: expected one name with one definition", i)
		}
		f, err := c.field(m, false)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		f.Name = name
		if f.Func, ok = m["func"].(*Function); !ok {
			return fmt.Errorf("%s: a shorthand field needs a func", name)
		}
		s.ShorthandFields = append(s.ShorthandFields, f)
	}
	s.shorthands = indexFields(s.ShorthandFields)
	return nil
}

func (c compiler) field(def Def, implicit bool) (*Field, error) {
	typ, _ := def["type"].(string)
	f := &Field{Type: TypeNamed(typ), Def: def}
	c.flags(f)
	if f.Type == Record && implicit && def["required"] == nil {
		f.Required = true
		f.Def = withRequired(def)
	}
	f.Default, f.HasDefault = def["default"]
	f.Default = Copy(f.Default)
	f.Deprecation = compileDeprecation(def)
	var err error
	if f.rules, err = compileRules(def); err != nil {
		return nil, err
	}
	if err := c.nested(f, implicit); err != nil {
		return nil, err
	}
	if f.Type == JSON {
		f.json = compileJSONSchema(def["json_schema"])
	}
	f.addImplicitLength()
	f.plain = f.isPlain()
	return f, nil
}

func (f *Field) isPlain() bool {
	switch f.Type {
	case String, NumberType, Integer, Boolean:
	default:
		return false
	}
	for i := range f.rules {
		if !f.rules[i].plain() {
			return false
		}
	}
	return !f.Abstract && !f.eqNull
}

func withRequired(def Def) Def {
	out := make(Def, len(def)+1)
	for k, v := range def {
		out[k] = v
	}
	out["required"] = true
	return out
}

func (c compiler) flags(f *Field) {
	flag := func(name string) bool { b, _ := f.Def[name].(bool); return b }
	f.Required = flag("required")
	f.Auto = flag("auto")
	f.Unique = flag("unique")
	f.Immutable = flag("immutable")
	f.Abstract = flag("abstract")
	f.Encrypted = flag("encrypted")
	// The catalog's "any" lets a reference stand in a field that is no string.
	f.referenceAny = f.Def["referenceable"] == "any"
	f.Referenceable = flag("referenceable") || f.referenceAny
	f.Description, _ = f.Def["description"].(string)
	f.Err, _ = f.Def["err"].(string)
	if v, ok := f.Def["eq"]; ok && v == nil {
		f.eqNull = true
	}
	if v, ok := f.Def["ne"]; ok && v == nil {
		f.neNull = true
	}
}

func (c compiler) nested(f *Field, implicit bool) (err error) {
	for _, n := range []struct {
		name string
		to   **Field
	}{{"elements", &f.Elements}, {"keys", &f.Keys}, {"values", &f.Values}} {
		if def, ok := f.Def[n.name]; ok && def != nil {
			if *n.to, err = c.entry("", def, false); err != nil {
				return fmt.Errorf("%s: %w", n.name, err)
			}
		}
	}
	switch f.Type {
	case Record:
		if f.Abstract && f.Def["fields"] == nil {
			return nil
		}
		if f.Record, err = c.schema(recordDef(f.Def), implicit); err != nil {
			return err
		}
		if err := c.variants(f.Record, implicit); err != nil {
			return err
		}
		f.needsTwoPasses = needsTwoPasses(f.Record)
	case Foreign:
		f.Reference, _ = f.Def["reference"].(string)
		if c.refs != nil {
			f.target = c.refs(f.Reference)
		}
	}
	return nil
}

// recordDef leaves out the attributes that belong to the field and not to its
// record.
func recordDef(def Def) Def {
	out := Def{}
	for _, k := range []string{"fields", "entity_checks", "shorthand_fields", "subschema_key", "subschemas"} {
		if v, ok := def[k]; ok {
			out[k] = v
		}
	}
	return out
}

// addImplicitLength gives a string the minimum length 1 that it has unless it
// states its own.
func (f *Field) addImplicitLength() {
	if f.Type != String || f.Def["len_min"] != nil {
		return
	}
	at := 0
	for at < len(f.rules) && f.rules[at].kind < ruleLenMin {
		at++
	}
	f.rules = append(f.rules, rule{})
	copy(f.rules[at+1:], f.rules[at:])
	f.rules[at] = rule{kind: ruleLenMin, lo: 1}
}

func compileDeprecation(def Def) *Deprecation {
	var d *Deprecation
	if m, ok := def["deprecation"].(map[string]any); ok {
		d = &Deprecation{OldDefault: m["old_default"]}
		d.Message, _ = m["message"].(string)
		d.RemovalInVersion, _ = m["removal_in_version"].(string)
		list, _ := AsList(m["replaced_with"])
		for _, item := range list {
			r, _ := item.(map[string]any)
			fn, _ := r["reverse_mapping_function"].(*Function)
			d.ReplacedWith = append(d.ReplacedWith, Replacement{pathOf(r["path"]), fn})
		}
	}
	return d
}

// stringsOf returns the strings of a list; anything else is left out.
func stringsOf(v any) []string {
	list, _ := AsList(v)
	var out []string
	for _, e := range list {
		if s, ok := e.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// pathOf reads a path that is declared as a list of names.
func pathOf(v any) Path {
	var path Path
	for _, name := range stringsOf(v) {
		path = append(path, Key(name))
	}
	return path
}

// needsTwoPasses reports whether completing an absent record twice, as Kong
// does, gives another result than completing it once: the second pass may
// complete a default.
func needsTwoPasses(s *Schema) bool {
	for _, f := range s.Fields {
		if f.HasDefault && (f.Type == Record || isTable(f.Default) && !plainList(f)) {
			return true
		}
		if f.Type == Record && f.needsTwoPasses {
			return true
		}
	}
	return false
}

// plainList reports whether a default is a list of distinct scalars, which no
// pass changes.
func plainList(f *Field) bool {
	list, ok := f.Default.([]any)
	if !ok {
		return false
	}
	for i, e := range list {
		if isTable(e) || containsScalar(list[:i], e) {
			return false
		}
	}
	return true
}

// transformation is the part of a transformation that validation needs.
type transformation struct {
	names []string
	paths []Path
	input int // the first input paths are the inputs
}

func compileTransformations(v any) []transformation {
	list, _ := AsList(v)
	var out []transformation
	for _, item := range list {
		m, _ := item.(map[string]any)
		inputs := stringsOf(m["input"])
		t := transformation{names: append(inputs, stringsOf(m["needs"])...), input: len(inputs)}
		for _, n := range t.names {
			t.paths = append(t.paths, Dotted(n))
		}
		if t.input > 0 {
			out = append(out, t)
		}
	}
	return out
}
