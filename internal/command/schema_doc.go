package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/authoring"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins/meaning"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins/sample"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

const schemaDocUsage = `Usage: terraform-provider-konnect schema doc FILE|NAME

Writes a page in Markdown for the users of a plugin: all fields of its
configuration with types, defaults and bounds, and a commented example in
Terraform's language. FILE is a schema.lua or the folder of a plugin, NAME a
bundled plugin, unless there is a file of that name.

Exit code 0: the page is written; 1: the schema has errors; 2: the command was
misused, or something could not be read.
`

const nothingToDescribe = "give one schema.lua, plugin folder or name of a bundled plugin"

// docReport is the page of a schema.
type docReport struct {
	Page string `json:"page,omitempty"`
	findings
}

// schemaDoc runs "schema doc".
func schemaDoc(ctx context.Context, p process) int {
	return inspection{
		name: "schema doc", usage: schemaDocUsage, nothing: nothingToDescribe,
		flags: func(*flag.FlagSet) {},
		inspect: func(ctx context.Context, paths []string) (report, error) {
			if len(paths) != 1 {
				return nil, errors.New(nothingToDescribe)
			}
			return describeSchema(ctx, paths[0])
		},
	}.run(ctx, p)
}

func describeSchema(ctx context.Context, path string) (*docReport, error) {
	set := plugins.Bundled(entity.Plugin.Schema(), entity.Schemas)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if p, bundled := set.Lookup(path); bundled {
			return describe(ctx, p, path), nil
		}
		if near := schema.Nearest(path, set.Names()); near != "" {
			return nil, fmt.Errorf("%s is neither a file nor a bundled plugin; did you mean %s?", path, near)
		}
		return nil, fmt.Errorf("%s is neither a file nor a bundled plugin", path)
	}
	plugin, found, err := schemaChecker().Path(ctx, path)
	if err != nil {
		return nil, err
	}
	out := newDocReport()
	if plugin != nil {
		out = describe(ctx, plugins.Custom(plugin), path)
	}
	out.add(found)
	return out, nil
}

func newDocReport() *docReport { return &docReport{findings: findings{Findings: []finding.Finding{}}} }

// describe writes the page of a plugin. An example is worth having also where no
// valid one can be found, as beside code that judges: it says what must be written.
func describe(ctx context.Context, p *plugins.Plugin, path string) *docReport {
	out := newDocReport()
	valid, err := sample.Minimal(ctx, p)
	if err != nil {
		out.add([]finding.Finding{{Severity: finding.Warning, File: path, Message: "found no valid configuration for the example", Hint: "write the values of its required fields yourself"}})
	}
	subject := authoring.Subject{Name: p.Name, Schema: p.Schema, Valid: valid}
	if p.Info != nil {
		subject.About, subject.Words = knownOf(p)
	}
	out.Page = authoring.Page(subject)
	return out
}

// knownOf is what is known of a bundled plugin beside its schema: what it is for,
// and of each field what it does and since when it is there.
func knownOf(p *plugins.Plugin) (about string, words func(at, words string) string) {
	known := meaning.Of(p.Name)
	lines := []string{known.About + " " + known.When}
	if p.Info.NotInKonnect {
		lines = append(lines, "Konnect does not have it.")
	}
	if p.Info.Since != "" {
		lines = append(lines, fmt.Sprintf("It is there since version %s of the gateway.", p.Info.Since))
	}
	return strings.Join(lines, "\n\n"), func(at, words string) string {
		text := known.Field(words)
		if since := p.Info.History[at].Since; since != "" {
			text += fmt.Sprintf(" Since %s.", since)
		}
		return strings.TrimSpace(text)
	}
}

func (r *docReport) print(p process) error {
	for _, f := range r.Findings {
		fmt.Fprintln(p.stderr, f)
	}
	_, err := fmt.Fprint(p.stdout, r.Page)
	return err
}
