package schema

import "context"

// WithFormer returns a complete document with its deprecated shorthand fields
// beside the fields that took their place, as clients read it that know the
// older names only. A field whose replacements disagree is null: no single
// value says what they do.
func (s *Schema) WithFormer(ctx context.Context, doc map[string]any) map[string]any {
	return s.Walk(doc, func(c *Cursor) bool {
		record, ok := c.Value.(map[string]any)
		if !ok || c.Level == nil || len(c.Level.ShorthandFields) == 0 {
			return true
		}
		out := copyLevel(record)
		for _, f := range c.Level.ShorthandFields {
			if to := f.Replacements(); len(to) > 0 && c.Level.index[f.Name] == nil {
				out[f.Name] = formerValue(ctx, to, record)
			}
		}
		c.Replace(out)
		return true
	})
}

// formerValue is the value of a deprecated field by its replacements.
func formerValue(ctx context.Context, to []Replacement, record map[string]any) any {
	value, err := to[0].current(ctx, record)
	if err != nil {
		return nil
	}
	for _, other := range to[1:] {
		if v, err := other.current(ctx, record); err != nil || !Equal(v, value) {
			return nil
		}
	}
	return value
}

// WithoutFormer returns a document without shorthand fields: in a complete
// document they repeat others.
func (s *Schema) WithoutFormer(doc map[string]any) map[string]any {
	return s.Walk(doc, func(c *Cursor) bool {
		if c.Field != nil && c.Field.Func != nil {
			c.Delete()
		}
		return true
	})
}

// WithoutEchoes returns a document without deprecated fields that only repeat
// what [Schema.WithFormer] showed of an earlier form of it, where the document
// has another value now in their place: who changes an answer and sends it back
// means the change.
func (s *Schema) WithoutEchoes(ctx context.Context, doc, earlier map[string]any) map[string]any {
	shown := s.WithFormer(ctx, earlier)
	return s.Walk(doc, func(c *Cursor) bool {
		record, ok := c.Value.(map[string]any)
		if !ok || c.Level == nil {
			return true
		}
		before, _ := c.Path.Get(shown).(map[string]any)
		out := record
		for _, f := range c.Level.ShorthandFields {
			v, given := record[f.Name]
			if !given || !Equal(v, before[f.Name]) || !contradicts(ctx, f, v, record) {
				continue
			}
			if len(out) == len(record) {
				out = copyLevel(record)
			}
			delete(out, f.Name)
		}
		if len(out) < len(record) {
			c.Replace(out)
		}
		return true
	})
}

// contradicts reports whether a record has another value in a place that
// replaces a deprecated field.
func contradicts(ctx context.Context, f *Field, v any, record map[string]any) bool {
	for _, to := range f.Replacements() {
		current, err := to.current(ctx, record)
		if err == nil && current != nil && !Equal(current, v) {
			return true
		}
	}
	return false
}
