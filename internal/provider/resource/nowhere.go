package resource

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// nowhere refuses ids to which the control plane has nothing: in the address of
// what is to be created, and in references that are new. What cannot be asked is
// not judged. An id that nothing but its text connects with the resource that
// makes it is refused too: Terraform does not know which of the two comes first.
func (r *Resource) nowhere(ctx context.Context, s *session.Session, c candidate, prior tftypes.Value) report.Diagnostics {
	if s.API == nil {
		return nil
	}
	if tfvalue.IsNull(prior) {
		if id := c.text(r.Type.ID); id != "" {
			s.NoteMade(r.Type, id)
		}
		if d := r.addressless(ctx, s, c.subject); d != nil {
			return report.Diagnostics{d}
		}
	}
	var diags report.Diagnostics
	parents, before := c.ref(r.Type).Parents, r.before(prior)
	for _, reference := range r.Type.References {
		target := entity.Named(reference.Target)
		if slices.Contains(r.Type.Internal, reference.Field) || document.Exactly.Same(nil, before[reference.Field], c.doc[reference.Field]) {
			continue
		}
		eachID(c.doc[reference.Field], schema.Path{schema.Key(reference.Field)}, func(at schema.Path, id string) {
			if d := r.dangling(ctx, s, client.Ref{Type: target, Key: id}, parents); d != "" {
				diags = append(diags, report.Failure(c.locator().Locate(at), "Nothing with this ID", at.String()+d))
			}
		})
	}
	return diags
}

// before is the document of a prior state.
func (r *Resource) before(prior tftypes.Value) map[string]any {
	if tfvalue.IsNull(prior) {
		return nil
	}
	return r.subject(prior).document()
}

// addressless reports the first id of an address that leads nowhere, from the
// root down.
func (r *Resource) addressless(ctx context.Context, s *session.Session, in subject) *tfprotov6.Diagnostic {
	parents := in.ref(r.Type).Parents
	for _, name := range slices.Concat(r.parents, r.addresses) {
		t := r.leadsTo(name)
		if t == nil {
			continue
		}
		if d := r.dangling(ctx, s, client.Ref{Type: t, Key: in.text(name)}, parents); d != "" {
			return report.Failure(report.AttributePath(name), "Nothing with this ID", name+d)
		}
	}
	return nil
}

// dangling says that there is nothing with an id, or returns "". The target
// belongs to the first of the parents, as many as objects of its type have.
func (r *Resource) dangling(ctx context.Context, s *session.Session, target client.Ref, parents []string) string {
	depth := len(parentsOf(target.Type))
	if target.Key == "" || depth > len(parents) || slices.Contains(parents[:depth], "") {
		return ""
	}
	target.Parents = parents[:depth]
	if !s.Lacks(ctx, target) {
		return ""
	}
	where := "the control plane has no"
	if depth == 0 {
		where = "there is no"
	}
	text := fmt.Sprintf(": %s %s with the ID %s", where, target.Type.Title, target.Key)
	if depth == 0 && s.Closer == nil { // the embedded control plane has one region and one organisation
		text += " in the region and organisation that " + s.API.Address() + " and its token lead to"
	}
	return text + ". Wanted is the ID of one that is there; write one that this configuration makes as a reference to its resource."
}

// eachID calls a function with every id that a reference holds.
func eachID(v any, at schema.Path, found func(schema.Path, string)) {
	switch v := v.(type) {
	case string:
		found(at, v)
	case map[string]any:
		eachID(v["id"], at.Join(schema.Key("id")), found)
	case []any:
		for i, e := range v {
			eachID(e, at.Join(schema.At(i)), found)
		}
	}
}
