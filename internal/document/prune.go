package document

import (
	"context"
	"maps"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Prune leaves out what completing the value again would fill in.
func Prune(ctx context.Context, f *schema.Field, v any) any {
	return schema.Walk(f, v, func(c *schema.Cursor) bool {
		switch {
		case len(c.Path) == 0 || !c.Path[len(c.Path)-1].IsKey():
		case c.Value == nil, c.Parent != nil && !isFormer(c.Field) && IsDefault(ctx, c.Field, c.Value):
			c.Delete()
		}
		return true
	})
}

// isFormer reports whether a field is an old name: without a value it has none.
func isFormer(f *schema.Field) bool { return f != nil && f.Func != nil }

// IsDefault reports whether a value of a member means the same as leaving the
// member out.
func IsDefault(ctx context.Context, f *schema.Field, v any) bool {
	if f == nil {
		return v == nil
	}
	return AsStored.Same(f, absent(ctx, f), CompleteValue(ctx, f, v))
}

// absent is the value of a member that is left out.
func absent(ctx context.Context, f *schema.Field) any {
	if f.Type == schema.Record && f.Required && f.Record != nil {
		start, _ := f.Default.(map[string]any)
		return completeRecord(ctx, f.Record, start)
	}
	return f.Default
}

// CompleteValue fills in the defaults below a value.
func CompleteValue(ctx context.Context, f *schema.Field, v any) any {
	return schema.Walk(f, v, func(c *schema.Cursor) bool {
		if record, ok := c.Value.(map[string]any); ok && c.Level != nil {
			c.Replace(completeRecord(ctx, c.Field.Record, record))
			return false
		}
		return c.Field != nil
	})
}

// completeRecord fills in a record; one that cannot be completed is left as it
// is.
func completeRecord(ctx context.Context, s *schema.Schema, v map[string]any) map[string]any {
	out, errs := Complete(ctx, s, v)
	if errs != nil {
		return v
	}
	return out
}

// IsShorthand reports whether a record takes a key under an old name.
func IsShorthand(f *schema.Field, key string) bool {
	return f != nil && f.Record != nil && f.Record.Field(key) == nil && f.Record.Shorthand(key) != nil
}

// Subtract returns the document without the leaves that a table repeats.
func Subtract(doc, table map[string]any) map[string]any {
	out := maps.Clone(doc)
	for k, v := range table {
		if sub, ok := v.(map[string]any); ok && len(sub) > 0 {
			if below, ok := out[k].(map[string]any); ok {
				out[k] = Subtract(below, sub)
			}
			continue
		}
		if AsStored.Same(nil, out[k], v) {
			delete(out, k)
		}
	}
	return out
}
