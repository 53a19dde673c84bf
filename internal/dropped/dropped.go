// Package dropped finds the keys in Terraform configurations that Terraform
// drops. If a nested attribute has a key that the resource's schema lacks,
// Terraform leaves it out before any provider sees it, and does not say so.
//
// A [Finder] reads the blocks of *.tf and *.tf.json files beside the attributes
// that a [Provider] has. It reports every key that no attribute takes, lets the
// provider judge the literal values, and shows the secrets among them. It
// evaluates no expressions: what is not a constant is an unknown value, and
// unknown values are not judged. Each [finding.Finding] has its line, and the
// [Rules] say which kinds there are.
//
// Files come from anybody: they are bounded in size and depth, and what cannot be
// read of one keeps nothing else from being read. A file in JSON is translated into
// the blocks that it stands for (parse.go), so that both are read in one way.
//
// The package does not know what a plugin is, nor where schemas come from.
package dropped

import (
	"context"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Provider has the schemas of resources and data sources, and judges resources.
type Provider interface {
	ResourceTypes() []string
	Resource(name string) *tfprotov6.Schema // nil when there is none
	DataSourceTypes() []string
	DataSource(name string) *tfprotov6.Schema
	// Validate judges a configuration that may have unknown values.
	Validate(ctx context.Context, resource string, config *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error)
	// Secrets tells of the secrets that such a configuration has written out.
	Secrets(ctx context.Context, resource string, config *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error)
	// Successor is the present name of a former attribute, or "".
	Successor(resource string, path schema.Path, attribute string) string
}

// Finder reads configurations.
type Finder struct {
	Provider Provider
	Flat     bool // folders below a folder are not read
}

// The rules, as findings name them.
const (
	Unreadable  = "unreadable-file"
	BrokenText  = "syntax"
	UnknownType = "unknown-type"
	DroppedKey  = "unknown-attribute"
	WrongValue  = "invalid-value"
	OddValue    = "questionable-value"
	PlainSecret = "secret-in-clear-text"
)

// Rules are the kinds of findings there are, each with what it means.
func Rules() map[string]string {
	return map[string]string{
		Unreadable:  "A file that Terraform would read cannot be read, or is too large.",
		BrokenText:  "The text of a file is no Terraform configuration.",
		UnknownType: "The provider has no resource or data source of this type.",
		DroppedKey:  "A key leads nowhere. Terraform drops keys of nested attributes without a word.",
		WrongValue:  "A value is refused at plan or apply.",
		OddValue:    "A value is accepted, and may do what people do not expect.",
		PlainSecret: "A secret is written out in the file.",
	}
}

// Path reads a file, or all configurations in a folder and those below. The
// error says that there is nothing at the path; everything else is a finding.
func (f Finder) Path(ctx context.Context, path string) ([]finding.Finding, error) {
	files, err := f.sources(path)
	if err != nil {
		return nil, err
	}
	var out []finding.Finding
	for _, file := range files {
		text, fault := file.read()
		if fault != "" {
			out = append(out, unread(file.name, fault))
			continue
		}
		out = append(out, f.Source(ctx, file.name, text)...)
	}
	return out, ctx.Err()
}

// Source reads one file's text; whether it is JSON tells the name.
func (f Finder) Source(ctx context.Context, name string, text []byte) []finding.Finding {
	blocks, diags := parse(name, text)
	var out []finding.Finding
	for _, d := range diags {
		at := hcl.InitialPos
		if d.Subject != nil {
			at = d.Subject.Start
		}
		out = append(out, finding.Finding{
			Severity: finding.Error, Rule: BrokenText, File: name, Line: at.Line, Column: at.Column, Message: d.Summary + ": " + d.Detail,
		})
	}
	for _, block := range blocks {
		out = append(out, f.block(ctx, block)...)
	}
	slices.SortStableFunc(out, func(a, b finding.Finding) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	return out
}
