package provider

import (
	"sort"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

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
	locator
	summary string
	secrets []string // texts that no message may show
}

func (r report) diagnostics(violations []*schema.Violation) diagnostics {
	violations = explained(violations)
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
		return r.locate(v.Path)
	}
	deepest := r.locate(v.Path)
	for _, name := range v.Fields {
		path := append(v.Path[:len(v.Path):len(v.Path)], steps(name)...)
		if r.holds(path) {
			return r.locate(path)
		}
		if at := r.locate(path); at != nil && (deepest == nil || len(at.Steps()) > len(deepest.Steps())) {
			deepest = at
		}
	}
	return deepest
}

// text is the place, Kong's own words, and what would be right.
func (r report) text(v *schema.Violation) string { return r.problem(v).String() }

// problem is a violation in words.
type problem struct {
	path    string
	message string // Kong's own words
	hint    string // what would be right; may be empty
}

func (r report) problem(v *schema.Violation) problem {
	more := advice(v)
	if more == "" {
		more = r.hint(v)
	}
	return problem{path: r.written(v.Path).String(), message: r.mask(v.Message), hint: r.mask(more)}
}

// String is the problem as one sentence after another.
func (p problem) String() string {
	text := strings.TrimSuffix(p.message, ".") + "."
	if p.path != "" {
		text = p.path + ": " + text
	}
	if p.hint != "" {
		text += " " + p.hint
	}
	return text
}

// hint is the attribute's own description, for rules whose messages say what
// is wrong and not what would be right.
func (r report) hint(v *schema.Violation) string {
	switch v.Rule {
	case "custom_validator", "match", "match_all", "match_any", "match_none", "not_match":
	default:
		return ""
	}
	if a := r.root.at(v.Path); a != nil && a.form != formDynamic && a.meaning != "" {
		return "Wanted: " + a.meaning
	}
	return ""
}

func (r report) mask(text string) string {
	for _, s := range r.secrets {
		text = strings.ReplaceAll(text, s, "(sensitive value)")
	}
	return text
}

// explained joins the two messages of a condition: that it failed, and what
// its consequence is. Kong lists them apart, under the entity and under the
// field.
func explained(in []*schema.Violation) []*schema.Violation {
	out := make([]*schema.Violation, 0, len(in))
	for _, v := range in {
		if v.Rule == "conditional" && v.Entity && len(v.Fields) > 1 {
			if i := consequence(in, v); i >= 0 {
				continue
			}
		}
		out = append(out, v)
	}
	for i, v := range out {
		if reason := condition(in, v); reason != "" {
			c := *v
			c.Message += " (" + reason + ")"
			out[i] = &c
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Path.String() < out[j].Path.String() })
	return out
}

// consequence returns which violation a failed condition led to, or -1.
func consequence(in []*schema.Violation, condition *schema.Violation) int {
	for i, v := range in {
		if isConsequence(v, condition) {
			return i
		}
	}
	return -1
}

func isConsequence(v, condition *schema.Violation) bool {
	if v.Entity {
		return false
	}
	then := condition.Fields[len(condition.Fields)-1]
	return v.Path.String() == append(condition.Path[:len(condition.Path):len(condition.Path)], steps(then)...).String()
}

// condition says which condition asked for what a violation lacks, or "".
func condition(in []*schema.Violation, v *schema.Violation) string {
	for _, c := range in {
		if c.Rule == "conditional" && c.Entity && len(c.Fields) > 1 && isConsequence(v, c) {
			return "because of the value of " + append(c.Path[:len(c.Path):len(c.Path)], steps(c.Fields[0])...).String()
		}
	}
	return ""
}

// steps reads the dotted name of a field.
func steps(dotted string) schema.Path {
	names := strings.Split(dotted, ".")
	out := make(schema.Path, len(names))
	for i, n := range names {
		out[i] = schema.Key(n)
	}
	return out
}
