package document

import (
	"maps"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Cleared says null, aloud, for what was set and is not any more. To leave it
// out means the same for a PUT, but nulls are seen to be meant. Where the
// schema has a default, leaving out is what asks for it.
func Cleared(s *schema.Schema, prior, next map[string]any) map[string]any {
	out := maps.Clone(next)
	for k, old := range prior {
		f := s.Field(k)
		if f == nil || f.Auto {
			continue
		}
		v, set := next[k]
		switch {
		case !set && old != nil && !f.Required && f.Default == nil:
			out[k] = nil
		case f.Record != nil:
			before, _ := old.(map[string]any)
			after, ok := v.(map[string]any)
			if ok && before != nil {
				out[k] = Cleared(f.Record, before, after)
			}
		}
	}
	return out
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
