package command

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"github.com/openkonnect/terraform-provider-konnect/internal/dropped"
	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider"
)

// lintUsage is the help of lint.
const lintUsage = `Usage: terraform-provider-konnect lint [options] PATH...

Reads the *.tf and *.tf.json files of configurations, in folders and those below
them, and reports at their lines:

  - keys in resources and data sources of this provider that lead nowhere.
    Terraform drops such keys of nested attributes without a word, so that no
    provider can report them;
  - literal values that terraform validate refuses or warns of. Every other
    expression counts as unknown;
  - secrets that are written out;
  - files and blocks that cannot be read. Everything else is judged all the same.

Hidden folders, such as .terraform, are passed over, and so are links to folders.
Nothing is run, and no "terraform init" is needed.

Exit code 0: nothing was found; 1: something was found (with --fail-on error:
errors were); 2: the command was misused, or there is nothing at a PATH.

Options:
`

// lintReport is what lint found, in the form of its JSON output.
type lintReport struct{ findings }

// lintCommand runs "lint".
func lintCommand(ctx context.Context, p process) int {
	recursive, failOn := true, finding.Warning
	return inspection{
		name: "lint", usage: lintUsage, nothing: "give at least one folder or file with Terraform configuration",
		formats: reviewFormats, rules: dropped.Rules(),
		flags: func(flags *flag.FlagSet) {
			flags.BoolVar(&recursive, "recursive", true, "read the folders below each folder, too")
			flags.Func("fail-on", "what ends with exit code 1: `warning` or error (default warning)", func(text string) error {
				failOn = finding.Severity(text)
				if failOn != finding.Warning && failOn != finding.Error {
					return errors.New("give warning or error")
				}
				return nil
			})
		},
		inspect: func(ctx context.Context, paths []string) (report, error) {
			return lintPaths(ctx, dropped.Finder{Flat: !recursive}, paths)
		},
		fails: func(mistakes, warnings int) bool { return mistakes > 0 || warnings > 0 && failOn == finding.Warning },
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
