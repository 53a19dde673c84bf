package provider

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wording"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

type diagnostics = []*tfprotov6.Diagnostic

func failure(at *tftypes.AttributePath, summary, detail string) *tfprotov6.Diagnostic {
	return &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError, Summary: summary, Detail: detail, Attribute: at}
}

func warning(at *tftypes.AttributePath, summary, detail string) *tfprotov6.Diagnostic {
	return &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityWarning, Summary: summary, Detail: detail, Attribute: at}
}

func attributePath(name string) *tftypes.AttributePath {
	return tftypes.NewAttributePath().WithAttributeName(name)
}

func hasErrors(diags diagnostics) bool {
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return true
		}
	}
	return false
}

// report turns violations into diagnostics, each at its attribute and in the
// order of their places. The paths are whole; see pointable.
type report struct {
	attribute.Locator
	summary string
	secrets []string // texts that no message may show
}

func (r report) diagnostics(violations []*schema.Violation) diagnostics {
	violations = wording.Explained(violations)
	out := make(diagnostics, 0, len(violations))
	for _, v := range violations {
		out = append(out, failure(r.place(v), r.summary, r.text(v)))
	}
	return out
}

// shown cuts a path to what Terraform can point at: an attribute, or one
// element of it. For any deeper path it shows the head of the resource instead,
// when the line of the object around the value is so much nearer. The text has
// the whole path in any case.
func shown(at *tftypes.AttributePath) *tftypes.AttributePath {
	if at == nil || len(at.Steps()) < 2 {
		return at
	}
	if _, nested := at.Steps()[1].(tftypes.AttributeName); nested {
		return tftypes.NewAttributePathWithSteps(at.Steps()[:1])
	}
	return tftypes.NewAttributePathWithSteps(at.Steps()[:2])
}

// pointable cuts the paths of diagnostics to what Terraform can point at.
func pointable(diags diagnostics) diagnostics {
	for _, d := range diags {
		d.Attribute = shown(d.Attribute)
	}
	return diags
}

// place is where a violation is shown. A rule over several fields stands at
// the first of them that the configuration holds.
func (r report) place(v *schema.Violation) *tftypes.AttributePath {
	if !v.Entity {
		return r.Locate(v.Path)
	}
	deepest := r.Locate(v.Path)
	for _, name := range v.Fields {
		path := v.Path.Join(schema.Dotted(name)...)
		if r.Holds(path) {
			return r.Locate(path)
		}
		if at := r.Locate(path); at != nil && (deepest == nil || len(at.Steps()) > len(deepest.Steps())) {
			deepest = at
		}
	}
	return deepest
}

// text is the place, Kong's own words, and what would be right.
func (r report) text(v *schema.Violation) string { return r.problem(v).String() }

func (r report) problem(v *schema.Violation) wording.Problem {
	more := wording.Advice(v)
	if more == "" {
		more = r.hint(v)
	}
	return wording.Problem{Path: r.Written(v.Path).String(), Message: r.mask(v.Message), Hint: r.mask(more)}
}

// hint is the attribute's own description, for rules whose messages say what
// is wrong and not what would be right.
func (r report) hint(v *schema.Violation) string {
	switch v.Rule {
	case "custom_validator", "match", "match_all", "match_any", "match_none", "not_match":
	default:
		return ""
	}
	if a := r.Root.At(v.Path); a != nil && a.Form != attribute.FormDynamic && a.Meaning != "" {
		return "Wanted: " + a.Meaning
	}
	return ""
}

func (r report) mask(text string) string {
	for _, s := range r.secrets {
		text = strings.ReplaceAll(text, s, "(sensitive value)")
	}
	return text
}
