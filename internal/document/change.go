package document

import (
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Clear says null, aloud, for what was set and is not in the body any more. To
// leave it out means the same for a PUT, but nulls are seen to be meant. Where
// the schema has a default, leaving out is what asks for it.
func Clear(s *schema.Schema, prior, body map[string]any) {
	for k, old := range prior {
		f := s.Field(k)
		if f == nil || f.Auto {
			continue
		}
		v, set := body[k]
		if !set && old != nil && !f.Required && f.Default == nil {
			body[k] = nil
			continue
		}
		before, _ := old.(map[string]any)
		after, ok := v.(map[string]any)
		if f.Record != nil && ok && before != nil {
			Clear(f.Record, before, after)
		}
	}
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
