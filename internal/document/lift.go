package document

import (
	"maps"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Lift puts what answers show elsewhere to where requests hold it. The paths
// say, by the field of the request, where that is.
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
