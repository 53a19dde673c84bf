package command

import (
	"context"
	"flag"
	"fmt"

	"github.com/openkonnect/terraform-provider-konnect/internal/dropped"
	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
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

// lintReport is what lint found, in the form of its JSON output.
type lintReport struct{ findings }

// lintCommand runs "lint".
func lintCommand(ctx context.Context, p process) int {
	finder := dropped.Finder{}
	return inspection{
		name: "lint", usage: lintUsage, nothing: "give at least one folder with *.tf files",
		flags: func(flags *flag.FlagSet) {
			flags.BoolVar(&finder.Recursive, "recursive", false, "read the folders below each DIR, too")
		},
		inspect: func(ctx context.Context, paths []string) (report, error) { return lintPaths(ctx, finder, paths) },
	}.run(ctx, p)
}

func lintPaths(ctx context.Context, finder dropped.Finder, paths []string) (*lintReport, error) {
	known, err := provider.NewOffline(ctx)
	if err != nil {
		return nil, err
	}
	finder.Provider = known
	report := &lintReport{findings{Findings: []finding.Finding{}}}
	for _, path := range paths {
		found, err := finder.Path(ctx, path)
		if err != nil {
			return nil, err
		}
		report.add(found)
	}
	return report, nil
}

// print writes the findings where tools read them.
func (r *lintReport) print(p process) error {
	for _, f := range r.Findings {
		if _, err := fmt.Fprintln(p.stdout, f); err != nil {
			return err
		}
	}
	return nil
}
