package document

import "github.com/openkonnect/terraform-provider-konnect/internal/schema"

// WithForeign adds what the server holds and the schema does not know, within
// records that the document has.
func WithForeign(s *schema.Schema, doc, held map[string]any) map[string]any {
	return s.Walk(doc, func(c *schema.Cursor) bool {
		if c.Level == nil || len(c.Path) == 0 {
			return c.Level != nil
		}
		theirs, _ := c.Path.Get(held).(map[string]any)
		foreign := map[string]any{}
		for name, v := range theirs {
			if v != nil && isForeign(c.Level, name) {
				foreign[name] = v
			}
		}
		add(c, foreign)
		return true
	})
}

func isForeign(s *schema.Schema, name string) bool {
	return s.Field(name) == nil && s.Shorthand(name) == nil
}

// WithoutForeign leaves out of an answer what the schema does not know: there
// is nothing to compare it with.
func WithoutForeign(s *schema.Schema, doc map[string]any) map[string]any {
	return s.Walk(doc, func(c *schema.Cursor) bool {
		if len(c.Path) > 1 && c.Parent != nil && c.Field == nil {
			c.Delete()
		}
		return c.Level != nil
	})
}
