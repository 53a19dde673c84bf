package resource

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// allTags is the attribute with the tags that an object has: its own, which
// Terraform wants to keep as they are written, and the default tags of the
// provider. It is null where the provider has none.
const allTags = "tags_all"

// withAllTags adds it where objects have tags.
func withAllTags(root *attribute.Attribute) {
	tags := root.Named("tags")
	for _, c := range root.Children {
		if tags == nil && c.OfKind {
			tags = c.Named("tags")
		}
	}
	if tags == nil {
		return
	}
	all := *tags
	all.Name, all.Mode, all.Replace = allTags, attribute.Computed, false
	all.Description = "All tags of the object, where the provider has `default_tags`: those and its own `tags`."
	root.Children = append(root.Children, &all)
}

// given is the value of the object's own tags: where each kind has an attribute, it
// is within that.
func (r *Resource) given(values map[string]tftypes.Value) tftypes.Value {
	if tags, ok := values["tags"]; ok {
		return tags
	}
	for _, c := range r.Root().Children {
		v := values[c.Name]
		switch {
		case !c.OfKind || tfvalue.IsNull(v):
		case !v.IsKnown():
			return tftypes.NewValue(c.Named("tags").Type, tftypes.UnknownValue)
		default:
			return tfvalue.Members(v)["tags"]
		}
	}
	return tftypes.Value{}
}

// tagged is the value of that attribute for an object. Tags that cannot change
// stay as they were when it was made.
func (r *Resource) tagged(s *session.Session, object map[string]tftypes.Value, before tftypes.Value) tftypes.Value {
	a, tags := r.Root().Named(allTags), r.given(object)
	if before.Type() != nil && slices.Contains(r.Type.Immutable, "tags") {
		return before
	}
	own, _ := schema.AsList(a.ToGo(tags))
	if len(s.Tags) == 0 && !s.TagsUnknown {
		return tftypes.NewValue(a.Type, nil)
	}
	if s.TagsUnknown || tfvalue.HasUnknown(tags) {
		return tftypes.NewValue(a.Type, tftypes.UnknownValue)
	}
	all := slices.Clone(own)
	for _, tag := range s.Tags {
		if !slices.Contains(all, any(tag)) {
			all = append(all, tag)
		}
	}
	v, err := a.FromGo(all)
	if err != nil {
		return tftypes.NewValue(a.Type, tftypes.UnknownValue)
	}
	if !tfvalue.IsNull(before) && document.Exactly.Same(a.Field, a.ToGo(before), all) {
		return before
	}
	return v
}

// heldTags are the values of both attributes for the tags that the control plane
// holds, by name.
func (r *Resource) heldTags(s *session.Session, held tftypes.Value, answer any) map[string]any {
	if r.Root().Named(allTags) == nil {
		return nil
	}
	out := map[string]any{"tags": r.ownTags(s, held, answer), allTags: answer}
	if len(s.Tags) == 0 && r.subject(held).get(allTags) == nil {
		out[allTags] = nil
	}
	return out
}

// ownTags takes the default tags of the provider, and those that were such when
// the object was written, out of the tags that the control plane holds. A tag
// that the object has of its own stays.
func (r *Resource) ownTags(s *session.Session, held tftypes.Value, answer any) any {
	all, ok := schema.AsList(answer)
	if !ok || len(all) == 0 {
		return answer
	}
	in := r.subject(held)
	own, _ := schema.AsList(r.Root().Named(allTags).ToGo(r.given(tfvalue.Members(held))))
	foreign, _ := schema.AsList(in.get(allTags))
	foreign = slices.Clone(foreign)
	for _, tag := range s.Tags {
		foreign = append(foreign, tag)
	}
	left := slices.DeleteFunc(slices.Clone(all), func(tag any) bool {
		return slices.Contains(foreign, tag) && !slices.Contains(own, tag)
	})
	if len(left) == 0 && len(own) == 0 {
		return nil
	}
	return left
}
