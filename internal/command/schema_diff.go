package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/openkonnect/terraform-provider-konnect/internal/authoring"
	"github.com/openkonnect/terraform-provider-konnect/internal/evolution"
	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luaschema"
)

// Exit codes of schema diff, beside those of every command.
const (
	exitLong   = 3
	exitBreaks = 4
)

const schemaDiffUsage = `Usage: terraform-provider-konnect schema diff [options] OLD NEW

Compares two versions of a plugin's schema, each a schema.lua or the folder of a
plugin, and says for every field that changed which way Konnect's documentation
prescribes: the short path, the long path, or control plane and data planes in
step. Configurations that --config names are validated by the new schema; give
the option once for each.

Exit code 0: compatible, the short path will do; 1: a schema has errors; 2: the
command was misused, or something could not be read; 3: the long path is needed,
or both sides in step; 4: the new schema breaks a configuration of --config.

Options:
`

// texts are the values of an option that may be given several times.
type texts []string

func (t *texts) String() string { return fmt.Sprint(*t) }

func (t *texts) Set(text string) error {
	*t = append(*t, text)
	return nil
}

// diffReport is what schema diff found, in the form of its JSON output.
type diffReport struct {
	Verdict string             `json:"verdict"` // compatible, long_path, breaks
	Way     evolution.Way      `json:"way"`     // of all changes together
	Renamed []string           `json:"renamed,omitempty"`
	Changes []evolution.Change `json:"changes"`
	Configs []diffConfig       `json:"configs"`
}

// diffConfig is what becomes of a configuration.
type diffConfig struct {
	File       string            `json:"file"`
	Violations []finding.Finding `json:"violations"`
	// Shifts are values that change by themselves.
	Shifts []evolution.Shift `json:"shifts"`
}

// schemaDiff runs "schema diff".
func schemaDiff(ctx context.Context, p process) int {
	var configs texts
	flags := inspection{
		name: "schema diff", usage: schemaDiffUsage, nothing: "give two schemas: OLD NEW",
		flags: func(flags *flag.FlagSet) {
			flags.Var(&configs, "config", "validate the plugin configuration in this JSON or YAML `file`, which is good by OLD, by NEW as well")
		},
	}
	format, paths, err := flags.arguments(p)
	if err == nil && len(paths) != 2 {
		err = errors.New("give two schemas: OLD NEW")
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitFine
	case err != nil:
		return p.refused(flags.name, err, exitUsage)
	}
	before, after, code := loadTwo(ctx, p, paths)
	if code != exitFine {
		return code
	}
	report, err := diff(ctx, before, after, configs)
	if err != nil {
		return p.refused(flags.name, err, exitUsage)
	}
	if format == "json" {
		err = writeJSON(p.stdout, report)
	} else {
		err = report.print(p.stdout)
	}
	if err != nil {
		return p.refused(flags.name, err, exitFailed)
	}
	return report.exit()
}

// loadTwo loads two versions of a schema, and prints what is wrong with them.
func loadTwo(ctx context.Context, p process, paths []string) (before, after *luaschema.Plugin, code int) {
	check := schemaChecker()
	var loaded [2]*luaschema.Plugin
	for i, path := range paths {
		plugin, found, err := check.Path(ctx, path)
		if err != nil {
			return nil, nil, p.refused("schema diff", err, exitUsage)
		}
		if plugin == nil {
			for _, f := range found {
				fmt.Fprintln(p.stderr, f)
			}
			return nil, nil, exitFailed
		}
		loaded[i] = plugin
	}
	return loaded[0], loaded[1], exitFine
}

func diff(ctx context.Context, before, after *luaschema.Plugin, files []string) (*diffReport, error) {
	changes := evolution.Compare(before.Schema, after.Schema)
	out := &diffReport{
		Verdict: "compatible", Way: evolution.Hardest(changes),
		Changes: append([]evolution.Change{}, changes...), Configs: []diffConfig{},
	}
	if before.Name != after.Name {
		out.Renamed = []string{before.Name, after.Name}
	}
	if out.Way != evolution.Short {
		out.Verdict = "long_path"
	}
	for _, file := range files {
		config, err := readConfig(file, before.Name)
		if err != nil {
			return nil, err
		}
		c := configUnder(ctx, before, after, file, config)
		if len(c.Violations) > 0 {
			out.Verdict = "breaks"
		}
		out.Configs = append(out.Configs, c)
	}
	return out, nil
}

// configUnder judges a configuration that people wrote: what it says, it says also
// where that is a default.
func configUnder(ctx context.Context, before, after *luaschema.Plugin, file string, config map[string]any) diffConfig {
	check := authoring.Checker{}
	complete, found := check.Config(ctx, after, file, config)
	out := diffConfig{File: file, Violations: append([]finding.Finding{}, found...), Shifts: []evolution.Shift{}}
	if len(found) > 0 {
		return out
	}
	if old, wrong := check.Config(ctx, before, file, config); wrong == nil {
		out.Shifts = append(out.Shifts, evolution.Shifts(after.Schema, old, complete)...)
	}
	return out
}

func (r *diffReport) exit() int {
	return map[string]int{"compatible": exitFine, "long_path": exitLong, "breaks": exitBreaks}[r.Verdict]
}

func (r *diffReport) print(w io.Writer) error {
	say := &saying{w: w}
	if r.Renamed != nil {
		say.line("The plugin %q becomes %q, which is another plugin: both can be there at once. Upload the new one, move the instances, then delete the old one.\n", r.Renamed[0], r.Renamed[1])
	}
	for _, c := range r.Changes {
		say.line("%s\n    %s", c, c.Prescription)
	}
	for _, c := range r.Configs {
		for _, f := range c.Violations {
			say.line("%s", f)
		}
		for _, s := range c.Shifts {
			say.line("%s: warning: %s: %s", c.File, s.Path, s.Text())
		}
		if len(c.Violations)+len(c.Shifts) == 0 {
			say.line("%s: stays as it is", c.File)
		}
	}
	say.line("%s", map[string]string{
		"compatible": fmt.Sprintf("compatible: %d changes, the short path will do", len(r.Changes)),
		"long_path":  fmt.Sprintf("needs more than the short path: %s", r.Way.Steps()),
		"breaks":     "breaks configurations: change those that are named before they are written again",
	}[r.Verdict])
	return say.err
}

// saying writes lines until one fails.
type saying struct {
	w   io.Writer
	err error
}

func (s *saying) line(format string, args ...any) {
	if s.err == nil {
		_, s.err = fmt.Fprintf(s.w, format+"\n", args...)
	}
}
