package report

import (
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wording"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Ruling is the verdict of the rules on a configuration.
type Ruling struct {
	Found    []plugins.Finding
	Supplied []string // parts of the document that come, or may come, from elsewhere
}

// supplies reports whether a violation misses something in a part that comes
// from elsewhere.
func (r Ruling) supplies(v *schema.Violation) bool {
	return v.Rule == "required" && slices.ContainsFunc(r.Supplied, func(place string) bool {
		place, _, _ = strings.Cut(place, "[")
		return strings.HasPrefix(v.Path.String()+".", place+".")
	})
}

// Beside joins the findings with the violations of the schema: of two about one
// place it keeps one. Findings that count only when an object is created are
// left out, since the object may exist already.
func (r Ruling) Beside(violations []*schema.Violation) ([]plugins.Finding, []*schema.Violation) {
	found := slices.DeleteFunc(r.Found, func(f plugins.Finding) bool { return f.OnCreate })
	violations = slices.DeleteFunc(wording.Explained(violations), func(v *schema.Violation) bool {
		return r.supplies(v) || v.Rule != "required" && slices.ContainsFunc(found, func(f plugins.Finding) bool { return samePlace(f, v) })
	})
	found = slices.DeleteFunc(found, func(f plugins.Finding) bool {
		return slices.ContainsFunc(violations, func(v *schema.Violation) bool { return samePlace(f, v) })
	})
	return found, violations
}

func samePlace(f plugins.Finding, v *schema.Violation) bool {
	return !v.Entity && f.Path.String() == v.Path.String()
}

// Findings returns findings as diagnostics.
func (r Report) Findings(found []plugins.Finding) Diagnostics {
	out := make(Diagnostics, 0, len(found))
	for _, f := range found {
		text := r.Finding(f).String()
		if f.Severity == finding.Warning {
			out = append(out, Warning(r.Locate(f.Path), "Questionable "+strings.TrimPrefix(r.Summary, "Invalid "), text))
		} else {
			out = append(out, Failure(r.Locate(f.Path), r.Summary, text))
		}
	}
	return out
}

// Finding is a finding in words.
func (r Report) Finding(f plugins.Finding) wording.Problem {
	return wording.Problem{Path: r.Written(f.Path).String(), Message: r.Mask(f.Message), Hint: r.Mask(f.Hint)}
}

// Outdated warns of the old names that a document uses.
func Outdated(loc attribute.Locator, s *schema.Schema, doc map[string]any) (out Diagnostics) {
	wording.Outdated(s, doc, func(path schema.Path, advice string) {
		out = append(out, Warning(loc.Locate(path), "Old name", loc.Written(path).String()+": "+advice))
	})
	return out
}
