package document

import (
	"maps"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Lift moves values that answers show elsewhere to the place where requests
// hold them. The paths say, for each field of a request, where answers have it.
func Lift(doc map[string]any, paths map[string]string) map[string]any {
	if doc == nil || len(paths) == 0 {
		return doc
	}
	out := maps.Clone(doc)
	for field, path := range paths {
		out[field] = schema.Dotted(path).Get(doc)
	}
	return out
}
