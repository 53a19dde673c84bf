package document

import (
	"maps"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// WithForeign adds what the server holds and the schema does not know, within
// records that the document has.
func WithForeign(s *schema.Schema, doc, held map[string]any) map[string]any {
	out := maps.Clone(doc)
	for _, f := range s.Fields {
		if f.Record == nil {
			continue
		}
		ours, okOurs := doc[f.Name].(map[string]any)
		theirs, okTheirs := held[f.Name].(map[string]any)
		if !okOurs || !okTheirs {
			continue
		}
		merged := WithForeign(f.Record, ours, theirs)
		for k, v := range theirs {
			if f.Record.Field(k) == nil && f.Record.Shorthand(k) == nil && v != nil {
				merged[k] = v
			}
		}
		out[f.Name] = merged
	}
	return out
}

// WithoutForeign leaves out of an answer what the schema does not know: there
// is nothing to compare it with.
func WithoutForeign(s *schema.Schema, doc map[string]any) map[string]any {
	out := maps.Clone(doc)
	for _, f := range s.Fields {
		record, ok := doc[f.Name].(map[string]any)
		if f.Record == nil || !ok {
			continue
		}
		known := WithoutForeign(f.Record, record)
		for k := range known {
			if f.Record.Field(k) == nil && f.Record.Shorthand(k) == nil {
				delete(known, k)
			}
		}
		out[f.Name] = known
	}
	return out
}
