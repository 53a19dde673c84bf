package document

import "github.com/openkonnect/terraform-provider-konnect/internal/schema"

// Align puts the elements of a set into the order in which they were before;
// new ones follow.
func Align(f *schema.Field, before, list []any) []any {
	out := make([]any, 0, len(list))
	used := make([]bool, len(list))
	take := func(i int) {
		if i >= 0 && !used[i] {
			used[i] = true
			out = append(out, list[i])
		}
	}
	for _, e := range before {
		take(AsStored.Index(f, list, e))
	}
	for i := range list {
		take(i)
	}
	return out
}
