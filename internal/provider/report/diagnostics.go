// Package report turns what is wrong with a configuration into Terraform's
// diagnostics, each at its attribute.
//
// A [Report] knows the configuration and the schema that judged it, and takes
// violations of the schema as well as findings of Konnect's rules; a [Ruling]
// says which of them to show where both complain. [Failure] and [Warning] are
// single diagnostics.
//
// The package does not judge anything itself, and knows neither the client nor
// what a resource does.
package report

import (
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wording"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Diagnostics are what Terraform shows.
type Diagnostics = []*tfprotov6.Diagnostic

// Failure is an error at an attribute, or with nil at the resource as a whole.
func Failure(at *tftypes.AttributePath, summary, detail string) *tfprotov6.Diagnostic {
	return &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError, Summary: summary, Detail: detail, Attribute: at}
}

// Warning is a warning at an attribute, or with nil at the resource as a whole.
func Warning(at *tftypes.AttributePath, summary, detail string) *tfprotov6.Diagnostic {
	return &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityWarning, Summary: summary, Detail: detail, Attribute: at}
}

// AttributePath leads to an attribute of a resource.
func AttributePath(name string) *tftypes.AttributePath {
	return tftypes.NewAttributePath().WithAttributeName(name)
}

// HasErrors reports whether one of the diagnostics is an error.
func HasErrors(diags Diagnostics) bool {
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return true
		}
	}
	return false
}

// Report turns violations and findings into diagnostics. Their paths are whole;
// see [Pointable].
type Report struct {
	attribute.Locator
	Summary string
	Doc     map[string]any // what is judged; no message may show its secrets
	// Words say what a field of a bundled plugin does, by its path; nil where
	// nothing is written about the fields.
	Words func(path string) string
}

// Diagnostics returns violations as diagnostics, in the order of their paths.
func (r Report) Diagnostics(violations []*schema.Violation) Diagnostics {
	violations = wording.Explained(violations)
	out := make(Diagnostics, 0, len(violations))
	for _, v := range violations {
		out = append(out, Failure(r.At(v), r.Summary, r.Text(v)))
	}
	return out
}

// Shown cuts a path to what Terraform can point at: an attribute, or one
// element of it. For a deeper path Terraform shows the head of the resource,
// although the line of the object around the value is much nearer. The text
// names the whole path in any case.
func Shown(at *tftypes.AttributePath) *tftypes.AttributePath {
	if at == nil || len(at.Steps()) < 2 {
		return at
	}
	if _, nested := at.Steps()[1].(tftypes.AttributeName); nested {
		return tftypes.NewAttributePathWithSteps(at.Steps()[:1])
	}
	return tftypes.NewAttributePathWithSteps(at.Steps()[:2])
}

// Pointable cuts the paths of diagnostics to what Terraform can point at.
func Pointable(diags Diagnostics) Diagnostics {
	for _, d := range diags {
		d.Attribute = Shown(d.Attribute)
	}
	return diags
}

// At says where a violation is shown. A rule over several fields stands at
// the first of them that the configuration holds, and the check of a record at
// the only field that its message names.
func (r Report) At(v *schema.Violation) *tftypes.AttributePath {
	if !v.Entity {
		return r.Locate(v.Path.Join(r.named(v)...))
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

// named is the field of a record that the message of its check names, if it names
// exactly one.
func (r Report) named(v *schema.Violation) (out schema.Path) {
	if v.Rule != "custom_validator" || v.Field == nil || v.Field.Record == nil {
		return nil
	}
	words := strings.FieldsFunc(v.Message, func(c rune) bool { return c != '_' && c != '-' && !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	for _, f := range v.Field.Record.Fields {
		if slices.Contains(words, f.Name) {
			out = append(out, schema.Key(f.Name))
		}
	}
	if len(out) != 1 {
		return nil
	}
	return out
}

// Text is the place, Kong's own words, and what would be right.
func (r Report) Text(v *schema.Violation) string { return r.Problem(v).String() }

// Problem is a violation in words.
func (r Report) Problem(v *schema.Violation) wording.Problem {
	hint := strings.TrimSpace(r.Mask(r.advice(v)) + " " + r.meaning(v))
	return wording.Problem{Path: r.Written(v.Path).String(), Message: r.Mask(v.Message), Hint: hint}
}

// meaning says what a field does, in the first sentence of what is written about
// it: whoever gave seconds for milliseconds learns little from bounds. It has
// nothing of the configuration, and so nothing to mask.
func (r Report) meaning(v *schema.Violation) string {
	if r.Words == nil || r.Schema == nil || v.Entity || v.Rule == "unknown_field" {
		return ""
	}
	sentence, _, more := strings.Cut(r.Words(r.described(v.Path)), ". ")
	switch {
	case sentence == "":
		return ""
	case more:
		sentence += "."
	}
	return "Meaning: " + sentence
}

// described is the path by which a field is described: without elements, and with
// the kind of a record that has several before a field that this kind alone has.
func (r Report) described(path schema.Path) string {
	var names []string
	for i, step := range path {
		if !step.IsKey() {
			continue
		}
		if in := r.Schema.FieldAt(path[:i]); in != nil && in.Record != nil && in.Record.Field(step.Name) == nil {
			if key, kinds := in.Record.Variants(); kinds != nil {
				kind, _ := path[:i].Join(schema.Key(key)).Get(r.Doc).(string)
				names = append(names, kind)
			}
		}
		names = append(names, step.Name)
	}
	return strings.Join(names, ".")
}

// advice says what would be right: of a secret that is missing, also that it has
// a write-only form.
func (r Report) advice(v *schema.Violation) string {
	if r.Root == nil || v.Rule != "required" {
		return wording.Advice(v)
	}
	a := r.Root.At(v.Path)
	if a == nil || a.Twin == nil {
		return wording.Advice(v)
	}
	return "Give " + a.Name + ", or " + a.Twin.Value.Name + " together with " + a.Twin.Version.Name + "."
}

// Mask takes the secrets out of a text.
func (r Report) Mask(text string) string {
	for _, s := range document.Secrets(r.Schema, r.Doc) {
		text = strings.ReplaceAll(text, s, document.Concealed)
	}
	return text
}
