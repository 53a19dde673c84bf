package resource

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wording"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// forgotten warns of secrets that the control plane holds and that a plan takes
// away because the configuration does not have them. Terraform shows no more of
// it than a line among many, and configuration that it generates for an import
// leaves every secret out.
func (r *Resource) forgotten(ctx context.Context, c candidate, prior tftypes.Value) (diags report.Diagnostics) {
	if c.schema == nil {
		return nil
	}
	held := r.subject(prior).document()
	if r.dynamic != "" {
		held[r.dynamic] = document.FromText(held[r.dynamic])
	}
	held = document.Coerce(c.schema, held)
	if full, errs := document.Complete(ctx, c.schema, held); errs == nil { // under the names of now
		held = full
	}
	c.schema.Walk(held, func(at *schema.Cursor) bool {
		if at.Field == nil {
			return false
		}
		if !document.IsSecret(at.Field) {
			return !c.rearranges(at)
		}
		if !document.IsEmpty(at.Value) && c.lacks(at) {
			place := c.locator().Written(at.Path).String()
			// Terraform shows one of the warnings that have a summary in common.
			diags = append(diags, report.Warning(c.locator().Locate(at.Path), "Secret removed: "+place, wording.Problem{
				Path:    place,
				Message: "the control plane holds a value here, which this plan removes, since the configuration has none.",
				Hint: "To keep it, write it into the configuration: as a sensitive variable or as a reference to a vault. " +
					"Configuration that Terraform generates for an import leaves secrets out.",
			}.String()))
		}
		return false
	})
	return diags
}

// rearranges reports whether the configuration has a list of another length: then
// nobody can tell which elements belong together.
func (c candidate) rearranges(held *schema.Cursor) bool {
	before, ok := held.Value.([]any)
	after, has := held.Path.Get(c.filled).([]any)
	return ok && has && len(before) != len(after)
}

// lacks reports whether the configuration has no value where one is held, and
// nothing fills the same in.
func (c candidate) lacks(held *schema.Cursor) bool {
	after := held.Path.Get(c.filled)
	return !schema.IsUnknown(after) && document.IsEmpty(held.Path.Get(c.doc)) && !document.AsStored.Same(held.Field, held.Value, after)
}
