package command

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"

	"github.com/openkonnect/terraform-provider-konnect/internal/lint"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider"
)

// lintUsage is the help of lint.
const lintUsage = `Usage: terraform-provider-konnect lint [options] DIR...

Reads the *.tf files of configurations and reports, at their lines, the keys in
resources and data sources of this provider that lead nowhere. Terraform drops
such keys of nested attributes without a word, so that no provider can report
them. Values that are written down literally are judged as by terraform
validate; every other expression counts as unknown. Nothing is run, no
"terraform init" is needed.

Exit code 0: no errors; 1: errors were found; 2: the command was misused, or
something could not be read.

Options:
`

// lintOptions are those of lint.
type lintOptions struct {
	format    string
	recursive bool
	paths     []string
}

// lintReport is what lint found, in the form of its JSON output.
type lintReport struct {
	Findings []lint.Finding `json:"findings"`
	Errors   int            `json:"errors"`
	Warnings int            `json:"warnings"`
}

// lintCommand runs "lint".
func lintCommand(ctx context.Context, p process) int {
	o, err := readLintOptions(p)
	if errors.Is(err, flag.ErrHelp) {
		return exitFine
	}
	var report *lintReport
	if err == nil {
		report, err = o.lint(ctx)
	}
	if err != nil {
		fmt.Fprintf(p.stderr, "terraform-provider-konnect lint: %v\n", err)
		return exitUsage
	}
	if err := report.print(p, o.format); err != nil {
		fmt.Fprintf(p.stderr, "terraform-provider-konnect lint: %v\n", err)
		return exitFailed
	}
	if report.Errors > 0 {
		return exitFailed
	}
	return exitFine
}

func readLintOptions(p process) (*lintOptions, error) {
	o := &lintOptions{}
	flags := flag.NewFlagSet("lint", flag.ContinueOnError)
	flags.SetOutput(p.stderr)
	flags.StringVar(&o.format, "format", "human", "`human` text or json")
	flags.BoolVar(&o.recursive, "recursive", false, "read the folders below each DIR, too")
	flags.Usage = func() {
		fmt.Fprint(p.stderr, lintUsage)
		flags.PrintDefaults()
	}
	if err := flags.Parse(p.args); err != nil {
		return nil, err
	}
	o.paths = flags.Args()
	switch {
	case o.format != "human" && o.format != "json":
		return nil, fmt.Errorf("--format %q: give human or json", o.format)
	case len(o.paths) == 0:
		return nil, errors.New("give at least one folder with *.tf files")
	}
	return o, nil
}

func (o *lintOptions) lint(ctx context.Context) (*lintReport, error) {
	known, err := provider.NewOffline(ctx)
	if err != nil {
		return nil, err
	}
	linter := lint.Linter{Provider: known, Recursive: o.recursive}
	report := &lintReport{Findings: []lint.Finding{}}
	for _, path := range o.paths {
		found, err := linter.Path(ctx, path)
		if err != nil {
			return nil, err
		}
		report.Findings = append(report.Findings, found...)
	}
	for _, f := range report.Findings {
		if f.Severity == lint.Error {
			report.Errors++
		} else {
			report.Warnings++
		}
	}
	return report, nil
}

// print writes the findings where tools read them, and the count beside.
func (r *lintReport) print(p process, format string) error {
	if format == "json" {
		encode := json.NewEncoder(p.stdout)
		encode.SetIndent("", "  ")
		return encode.Encode(r)
	}
	for _, f := range r.Findings {
		if _, err := fmt.Fprintln(p.stdout, f); err != nil {
			return err
		}
	}
	fmt.Fprintf(p.stderr, "%d errors, %d warnings\n", r.Errors, r.Warnings)
	return nil
}
