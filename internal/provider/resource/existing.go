package resource

import (
	"cmp"
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
)

// What exists can be gone through without Terraform, too. A document of a list
// has a place ([Resource.Place]), from which its state follows ([Resource.Adopted]).

// Existing are the documents of a collection: of all places below those that are
// given, by the names of attributes. Other kinds of the same collection are among
// them; see [Resource.IsOfKind].
func (r *Resource) Existing(ctx context.Context, s *session.Session, where map[string]string) iter.Seq2[map[string]any, error] {
	return r.existing(ctx, s, query{where: where})
}

// Above are the steps to the places that a collection is listed below, without
// which there is no list of it.
func (r *Resource) Above() []Step {
	var out []Step
	for i, owner := range r.Type.Owners() {
		if r.isNeeded(i) {
			out = append(out, Step{r.parents[i], owner})
		}
	}
	return out
}

// IsOfKind reports whether a document is one that this resource is for: a
// collection may hold several kinds.
func (r *Resource) IsOfKind(doc map[string]any) bool { return r.isOfKind(doc) }

// Place is the address of a document in a list, by the names of attributes.
func (r *Resource) Place(where map[string]string, doc map[string]any) map[string]string {
	return r.keysOf(query{where: where}, doc)
}

// Adopted is the state that an import of an object gives, of a document that a
// list or a read showed. What lists do not show whole is read.
func (r *Resource) Adopted(ctx context.Context, s *session.Session, place map[string]string, doc map[string]any) (tftypes.Value, error) {
	return r.listedState(ctx, s, r.at(place), doc)
}

// KnownAs is what a person recognises an object by, as far as it says so itself,
// or "". It is no secret.
func (r *Resource) KnownAs(doc map[string]any) string {
	return cmp.Or(nameIn(r.listed(), doc), matcherOf(doc), subjectOf(doc))
}

// ManagedTag is the mark of what Konnect manages itself, or "".
func ManagedTag(doc map[string]any) string { return managedTag(doc["tags"]) }
