package schema

import "slices"

// Cursor is where a [Walk] stands. It is good during one visit only.
type Cursor struct {
	// Path leads here from where the walk began. The next step changes it: to
	// keep it, make a copy (see [Path.Join]).
	Path Path
	// Field is the definition of the value: nil where the schema knows none.
	// Of a shorthand field it is that field, which has a Func.
	Field *Field
	// Parent is the schema of the record that the value is a member of: nil for
	// elements of lists, values of maps, and where the walk begins.
	Parent *Schema
	// Level is the schema of the value's own members if it is a record: that of
	// the variant which the value selects, if there are several.
	Level *Schema
	Value any

	change change
}

type change uint8

const (
	kept change = iota
	replaced
	deleted
)

// Replace puts another value in the place of the one at hand. What is below
// that is visited instead.
func (c *Cursor) Replace(v any) {
	c.Value, c.change = v, replaced
	c.Level = c.Field.level(v)
}

// Delete takes the value out of the record, map or list that holds it.
func (c *Cursor) Delete() { c.change = deleted }

// Walk visits a value and everything below it along a definition, which may be
// nil. A value is visited before its members, and members in the order of their
// names. If visit returns false, nothing below the value is visited. Unknown
// values are visited like others.
//
// Walk returns the value with the changes that visit made, or nil if it was
// deleted. The given value stays as it is, and the result shares with it all
// that did not change.
func Walk(f *Field, v any, visit func(*Cursor) bool) any {
	w := walker{visit: visit}
	return w.walk(f, v)
}

// Walk is [Walk] for a whole document. The schema may be nil.
func (s *Schema) Walk(doc map[string]any, visit func(*Cursor) bool) map[string]any {
	w := walker{visit: visit}
	out, _ := w.walk(s.whole(), doc).(map[string]any)
	return out
}

// whole is the definition of a whole document, or nil where there is no schema.
func (s *Schema) whole() *Field {
	switch {
	case s == nil:
		return nil
	case s.root != nil:
		return s.root
	}
	return &Field{Type: Record, Required: true, Record: s}
}

type walker struct {
	Cursor

	visit func(*Cursor) bool
	steps [8]Step // where Path starts out
}

func (w *walker) walk(f *Field, v any) any {
	w.Path = w.steps[:0]
	out, _ := w.value(f, nil, v)
	return out
}

func (w *walker) value(f *Field, parent *Schema, v any) (any, change) {
	if f != nil && f.alias != nil {
		f = f.alias
	}
	w.Field, w.Parent, w.Level, w.Value, w.change = f, parent, f.level(v), v, kept
	below := w.visit(&w.Cursor)
	v, done := w.Value, w.change
	if done == deleted {
		return nil, deleted
	}
	changed := false
	if below {
		switch in := v.(type) {
		case map[string]any:
			v, changed = w.members(f, w.Level, in)
		case []any:
			v, changed = w.elements(f, in)
		}
	}
	if changed {
		done = replaced
	}
	return v, done
}

func (w *walker) members(f *Field, level *Schema, in map[string]any) (any, bool) {
	var few [16]string
	names := few[:0]
	if len(in) > len(few) {
		names = make([]string, 0, len(in))
	}
	for name := range in {
		names = append(names, name)
	}
	slices.Sort(names)
	out, changed := in, false
	for i, name := range names {
		w.Path = append(w.Path, Key(name))
		v, done := w.value(f.member(level, name), level, in[name])
		w.Path = w.Path[:len(w.Path)-1]
		if done != kept && !changed {
			out, changed = make(map[string]any, len(in)), true
			for _, earlier := range names[:i] {
				out[earlier] = in[earlier]
			}
		}
		if changed && done != deleted {
			out[name] = v
		}
	}
	return out, changed
}

func (w *walker) elements(f *Field, in []any) (any, bool) {
	var of *Field
	if f != nil {
		of = f.Elements
	}
	out, changed := in, false
	for i, e := range in {
		w.Path = append(w.Path, At(i))
		v, done := w.value(of, nil, e)
		w.Path = w.Path[:len(w.Path)-1]
		if done != kept && !changed {
			out, changed = append(make([]any, 0, len(in)), in[:i]...), true
		}
		if changed && done != deleted {
			out = append(out, v)
		}
	}
	return out, changed
}

// level returns the schema of the members of a record, or nil.
func (f *Field) level(v any) *Schema {
	if f == nil || f.Record == nil {
		return nil
	}
	m, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	level, _ := f.Record.choose(m)
	return level
}

// member returns the definition of a member of a record, under its name of now
// or of old, or of a map.
func (f *Field) member(level *Schema, name string) *Field {
	switch {
	case level != nil:
		if field := level.index[name]; field != nil {
			return field
		}
		return level.shorthands[name]
	case f == nil:
		return nil
	}
	return f.Values
}

// Below returns the definition of what is one step below values of the field,
// or nil where the schema knows none. Of the variants of a record it sees none.
func (f *Field) Below(step Step) *Field {
	switch {
	case f == nil:
		return nil
	case !step.IsKey():
		return f.Elements
	case f.Record != nil:
		return f.Record.index[step.Name]
	}
	return f.Values
}

// FieldAt returns the definition of what stands at a path, or nil where the
// schema knows none; see [Field.Below].
func (s *Schema) FieldAt(path Path) *Field {
	f := s.whole()
	for _, step := range path {
		f = f.Below(step)
	}
	return f
}
