package command

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"github.com/openkonnect/terraform-provider-konnect/internal/authoring"
	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins/sample"
)

const schemaDocUsage = `Usage: terraform-provider-konnect schema doc FILE

Writes a page in Markdown for the users of a plugin: all fields of its
configuration with types, defaults and bounds, and a commented example in
Terraform's language. FILE is a schema.lua or the folder of a plugin.

Exit code 0: the page is written; 1: the schema has errors; 2: the command was
misused, or something could not be read.
`

// docReport is the page of a schema.
type docReport struct {
	Page string `json:"page,omitempty"`
	findings
}

// schemaDoc runs "schema doc".
func schemaDoc(ctx context.Context, p process) int {
	return inspection{
		name: "schema doc", usage: schemaDocUsage, nothing: "give one schema.lua or plugin folder",
		flags: func(*flag.FlagSet) {},
		inspect: func(ctx context.Context, paths []string) (report, error) {
			if len(paths) != 1 {
				return nil, errors.New("give one schema.lua or plugin folder")
			}
			return describeSchema(ctx, paths[0])
		},
	}.run(ctx, p)
}

func describeSchema(ctx context.Context, path string) (*docReport, error) {
	plugin, found, err := schemaChecker().Path(ctx, path)
	if err != nil {
		return nil, err
	}
	out := &docReport{findings: findings{Findings: []finding.Finding{}}}
	out.add(found)
	if plugin == nil {
		return out, nil
	}
	// An example is worth having also where no valid one can be found, as beside
	// code that judges: it says what must be written.
	valid, err := sample.Minimal(ctx, &plugins.Plugin{Name: plugin.Name, Schema: plugin.Schema, Def: plugin.Def, Custom: true})
	if err != nil {
		out.add([]finding.Finding{{Severity: finding.Warning, File: path, Message: "found no valid configuration for the example", Hint: "write the values of its required fields yourself"}})
	}
	out.Page = authoring.Page(plugin, valid)
	return out, nil
}

func (r *docReport) print(p process) error {
	for _, f := range r.Findings {
		fmt.Fprintln(p.stderr, f)
	}
	_, err := fmt.Fprint(p.stdout, r.Page)
	return err
}
