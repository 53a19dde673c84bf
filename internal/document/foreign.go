package document

import (
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// AddForeign adds to a body what the server holds and the schema does not know,
// within records that the body has.
func AddForeign(s *schema.Schema, body, held map[string]any) {
	for _, f := range s.Fields {
		ours, okOurs := body[f.Name].(map[string]any)
		theirs, okTheirs := held[f.Name].(map[string]any)
		if f.Record == nil || !okOurs || !okTheirs {
			continue
		}
		AddForeign(f.Record, ours, theirs)
		for k, v := range theirs {
			if v != nil && isForeign(f.Record, k) {
				ours[k] = v
			}
		}
	}
}

func isForeign(s *schema.Schema, key string) bool {
	return s.Field(key) == nil && s.Shorthand(key) == nil
}

// Foreign returns the places of what an answer has and the schema does not know,
// without what is empty.
func Foreign(s *schema.Schema, doc map[string]any) (out []schema.Path) {
	s.Walk(doc, func(c *schema.Cursor) bool {
		if len(c.Path) > 1 && c.Parent != nil && c.Field == nil && !IsEmpty(c.Value) {
			out = append(out, c.Path.Join())
		}
		return c.Level != nil
	})
	return out
}

// WithoutForeign returns an answer without what the schema does not know: there is
// nothing to compare that with.
func WithoutForeign(s *schema.Schema, doc map[string]any) map[string]any {
	return s.Walk(doc, func(c *schema.Cursor) bool {
		if len(c.Path) > 1 && c.Parent != nil && c.Field == nil {
			c.Delete()
		}
		return c.Level != nil
	})
}
