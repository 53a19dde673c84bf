// Package dropped finds the keys in Terraform configurations that Terraform
// drops. If a nested attribute has a key that the resource's schema lacks,
// Terraform leaves it out before any provider sees it, and does not say so.
//
// A [Finder] reads the blocks of *.tf files beside the attributes that a
// [Provider] has. It reports every key that no attribute takes, and lets the
// provider judge the literal values. It evaluates no expressions: what is not a
// constant is an unknown value, and unknown values are not judged. Each
// [finding.Finding] has its line.
//
// The package does not know what a plugin is, nor where schemas come from.
package dropped

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
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
	// Successor is the present name of a former attribute, or "".
	Successor(resource string, path schema.Path, attribute string) string
}

// Finder reads configurations.
type Finder struct {
	Provider  Provider
	Recursive bool // folders below a folder are read too
}

// Path reads a file or the *.tf files of a folder, as one configuration. The
// error says that something could not be read; what is wrong with it is a
// finding.
func (f Finder) Path(ctx context.Context, path string) ([]finding.Finding, error) {
	files, err := f.files(path)
	if err != nil {
		return nil, err
	}
	var out []finding.Finding
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		out = append(out, f.Source(ctx, name, text)...)
	}
	return out, nil
}

func (f Finder) files(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	var out []string
	err = filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != path && (!f.Recursive || strings.HasPrefix(entry.Name(), ".")):
			return fs.SkipDir
		case !entry.IsDir() && strings.HasSuffix(name, ".tf"):
			out = append(out, name)
		}
		return nil
	})
	if err == nil && len(out) == 0 {
		err = fmt.Errorf("%s: %w: the folder has no *.tf files", path, fs.ErrNotExist)
	}
	return out, err
}

// Source reads one file's text.
func (f Finder) Source(ctx context.Context, name string, text []byte) []finding.Finding {
	file, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
	var out []finding.Finding
	for _, d := range diags {
		at := hcl.InitialPos
		if d.Subject != nil {
			at = d.Subject.Start
		}
		out = append(out, finding.Finding{Severity: finding.Error, File: name, Line: at.Line, Column: at.Column, Message: d.Summary + ": " + d.Detail})
	}
	body, ok := file.Body.(*hclsyntax.Body)
	if !ok || diags.HasErrors() {
		return out
	}
	for _, block := range body.Blocks {
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
