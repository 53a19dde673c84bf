package document

import (
	"maps"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Cleared says null, aloud, for what was set and is not any more. To leave it
// out means the same for a PUT, but nulls are seen to be meant. Where the
// schema has a default, leaving out is what asks for it.
func Cleared(s *schema.Schema, prior, next map[string]any) map[string]any {
	return s.Walk(next, func(c *schema.Cursor) bool {
		if c.Level == nil {
			return false // a record of a list or a map has no prior one of its own
		}
		after, _ := c.Value.(map[string]any)
		missing := map[string]any{}
		before, _ := c.Path.Get(prior).(map[string]any)
		for name, old := range before {
			f := c.Level.Field(name)
			if _, set := after[name]; !set && old != nil && f != nil && !f.Auto && !f.Required && f.Default == nil {
				missing[name] = nil
			}
		}
		add(c, missing)
		return true
	})
}

// add puts more members into the record at hand.
func add(c *schema.Cursor, members map[string]any) {
	record, ok := c.Value.(map[string]any)
	if !ok || len(members) == 0 {
		return
	}
	record = maps.Clone(record)
	maps.Copy(record, members)
	c.Replace(record)
}

// Changes is the smallest patch that turns one document into the other.
func Changes(s *schema.Schema, prior, next map[string]any) map[string]any {
	patch := map[string]any{}
	for _, f := range s.Fields {
		if f.Auto || f.Immutable {
			continue
		}
		old, v := prior[f.Name], next[f.Name]
		if Exactly.Same(f, old, v) {
			continue
		}
		if f.Type == schema.Map {
			v = mergePatch(old, v)
		}
		patch[f.Name] = v
	}
	return patch
}

// mergePatch removes the keys that are not wanted any more by a null each.
func mergePatch(old, next any) map[string]any {
	out := map[string]any{}
	before, _ := old.(map[string]any)
	for k := range before {
		out[k] = nil
	}
	after, _ := next.(map[string]any)
	for k, v := range after {
		out[k] = v
	}
	return out
}
