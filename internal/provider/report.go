package provider

import (
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wording"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// ruling is the outcome of rules.
type ruling struct {
	found    []plugins.Finding
	supplied []string // parts of the document that come, or may come, from elsewhere
}

// supplies reports whether a part that comes from elsewhere is where a
// violation misses something.
func (r ruling) supplies(v *schema.Violation) bool {
	return v.Rule == "required" && slices.ContainsFunc(r.supplied, func(place string) bool {
		place, _, _ = strings.Cut(place, "[")
		return strings.HasPrefix(v.Path.String()+".", place+".")
	})
}

// beside returns what there is to say of a configuration that may be there
// already, where the schema has complaints as well.
func (r ruling) beside(violations []*schema.Violation) ([]plugins.Finding, []*schema.Violation) {
	found := slices.DeleteFunc(r.found, func(f plugins.Finding) bool { return f.OnCreate })
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

// findings turns findings into diagnostics.
func (r report) findings(found []plugins.Finding) diagnostics {
	out := make(diagnostics, 0, len(found))
	for _, f := range found {
		text := r.finding(f).String()
		if f.Severity == plugins.Warning {
			out = append(out, warning(r.Locate(f.Path), "Questionable "+strings.TrimPrefix(r.summary, "Invalid "), text))
		} else {
			out = append(out, failure(r.Locate(f.Path), r.summary, text))
		}
	}
	return out
}

func (r report) finding(f plugins.Finding) wording.Problem {
	return wording.Problem{Path: r.Written(f.Path).String(), Message: r.mask(f.Message), Hint: r.mask(f.Hint)}
}

// outdated warns of the old names that a document uses.
func outdated(loc attribute.Locator, s *schema.Schema, doc map[string]any) (out diagnostics) {
	wording.Outdated(s, doc, nil, func(path schema.Path, advice string) {
		out = append(out, warning(loc.Locate(path), "Old name", loc.Written(path).String()+": "+advice))
	})
	return out
}
