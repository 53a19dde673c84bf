package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/openkonnect/terraform-provider-konnect/internal/authoring"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
)

// schemaUsage is the help of schema check.
const schemaUsage = `Usage: terraform-provider-konnect schema check [options] PATH...

Checks plugin schemas the way a control plane does when they are uploaded.
PATH is a schema.lua or the folder of a plugin; a folder is also checked for
files that Konnect does not take.

Exit code 0: no errors; 1: errors were found; 2: the command was misused.

Options:
`

// schemaOptions are those of schema check.
type schemaOptions struct {
	config   string
	streamed bool
}

// schemaCommand runs the commands for people who write schemas.
func schemaCommand(ctx context.Context, p process) int {
	run, known := map[string]func(context.Context, process) int{
		"check": schemaCheck, "diff": schemaDiff, "doc": schemaDoc,
	}[strings.Join(p.args[:min(len(p.args), 1)], "")]
	if !known {
		return p.misused("schema has three commands: schema check PATH..., schema diff OLD NEW, schema doc FILE|NAME")
	}
	p.args = p.args[1:]
	return run(ctx, p)
}

// schemaCheck runs "schema check".
func schemaCheck(ctx context.Context, p process) int {
	o := schemaOptions{}
	return inspection{
		name: "schema check", usage: schemaUsage, nothing: "give at least one schema.lua or plugin folder",
		flags: func(flags *flag.FlagSet) {
			flags.StringVar(&o.config, "config", "", "validate the plugin configuration in this JSON or YAML `file` and print it with its defaults")
			flags.BoolVar(&o.streamed, "streamed", false, "add the rules of plugins whose code Konnect streams to the data planes")
		},
		inspect: func(ctx context.Context, paths []string) (report, error) { return o.check(ctx, paths) },
	}.run(ctx, p)
}

// schemaReport is what schema check found, in the form of its JSON output.
type schemaReport struct {
	Plugins []checkedPlugin `json:"plugins"`
	findings
}

type checkedPlugin struct {
	Path string `json:"path"`
	Name string `json:"name,omitempty"`
	OK   bool   `json:"ok"`
	// Config is the configuration of --config with its defaults.
	Config map[string]any `json:"config,omitempty"`
}

func (o *schemaOptions) check(ctx context.Context, paths []string) (*schemaReport, error) {
	if o.config != "" && len(paths) > 1 {
		return nil, errors.New("--config belongs to one plugin, but several paths are given")
	}
	checker := schemaChecker()
	checker.Streamed = o.streamed
	report := &schemaReport{[]checkedPlugin{}, findings{Findings: []finding.Finding{}}}
	for _, path := range paths {
		plugin, found, err := checker.Path(ctx, path)
		if err != nil {
			return nil, err
		}
		checked := checkedPlugin{Path: path, OK: plugin != nil}
		if plugin != nil {
			checked.Name = plugin.Name
		}
		if plugin != nil && o.config != "" {
			config, err := readConfig(o.config, plugin.Name)
			if err != nil {
				return nil, err
			}
			var more []finding.Finding
			checked.Config, more = checker.Config(ctx, plugin, o.config, config)
			checked.OK = len(more) == 0
			found = append(found, more...)
		}
		report.Plugins = append(report.Plugins, checked)
		report.add(found)
	}
	return report, nil
}

// schemaChecker judges schemas as a control plane does.
func schemaChecker() authoring.Checker {
	bundled := plugins.Bundled(entity.Plugin.Schema(), entity.Schemas)
	return authoring.Checker{
		Parent: entity.Plugin.Schema(), Refs: entity.Schemas,
		Bundled: func(name string) bool { _, ok := bundled.Lookup(name); return ok },
	}
}

// readConfig reads a configuration, which may stand alone or within a plugin
// entity beside its name.
func readConfig(file, name string) (map[string]any, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	text, err = yaml.YAMLToJSON(text) // JSON is YAML
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	v, err := jsonvalue.Parse(string(text), jsonvalue.MaxDepth)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	config, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s: expected an object with the plugin's configuration", file)
	}
	if inner, ok := config["config"].(map[string]any); ok && (config["name"] == name || len(config) == 1) {
		return inner, nil
	}
	return config, nil
}

func (r *schemaReport) print(p process) error {
	for _, f := range r.Findings {
		fmt.Fprintln(p.stderr, f)
	}
	for _, c := range r.Plugins {
		if !c.OK {
			continue
		}
		fmt.Fprintf(p.stderr, "%s: plugin '%s' is fine\n", c.Path, c.Name)
		if c.Config != nil {
			if err := writeJSON(p.stdout, c.Config); err != nil {
				return err
			}
		}
	}
	return nil
}
