package document

import (
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Clear sets fields of the body to null that were set before and are not any more.
// For a PUT, leaving them out means the same, but a null shows the intention.
// Fields with a default stay out: that asks for the default.
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

// mergePatch returns a map with a null for each key that is to go.
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
