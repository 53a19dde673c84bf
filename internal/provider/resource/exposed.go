package resource

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
)

// exposed warns once of the secrets that a dynamic configuration has in clear
// text: no schema marks its parts as sensitive, so that plans show them. It does
// so in terraform validate alone. There variables are unknown, so that what is
// known stands in the configuration; in a plan nobody can tell a literal from a
// value that is marked as sensitive, for Terraform keeps the marks to itself.
//
// The warning is about the whole resource: at the attribute, Terraform would show
// the very line with the secret.
func (r *Resource) exposed(s *session.Session, c candidate) report.Diagnostics {
	if s.Configured() || r.dynamic == "" || c.schema == nil {
		return nil
	}
	var places []string
	for _, at := range document.WrittenOut(c.schema, map[string]any{r.dynamic: c.doc[r.dynamic]}) {
		places = append(places, c.locator().Written(at).String())
	}
	if len(places) == 0 {
		return nil
	}
	return report.Diagnostics{report.Warning(nil, "Secret in clear text", strings.Join(places, ", ")+
		": written out in the configuration. Whoever reads that sees it, and so does whoever reads a plan, unless it is marked: sensitive(\"…\"). "+
		"Take it from a variable with sensitive = true, or refer to a vault, {vault://…}, which keeps it out of state as well. "+
		"A plugin's own resource hides such attributes by itself.")}
}

// Exposed tells of each secret that a configuration has written out, at its place,
// also in attributes that plans hide: whoever reads the text reads them.
func (r *Resource) Exposed(ctx context.Context, s *session.Session, config tftypes.Value) (diags report.Diagnostics) {
	c := r.candidate(ctx, s, config)
	if c.schema == nil {
		return nil
	}
	locator := c.locator()
	for _, at := range document.WrittenOut(c.schema, c.doc) {
		diags = append(diags, report.Warning(locator.Locate(at), "Secret in clear text", locator.Written(at).String()+
			": a secret is written out, where everybody finds it who reads the file or the history of its repository. "+
			"Take it from a variable with sensitive = true; a field that takes references to vaults takes {vault://…} as well."))
	}
	return diags
}
