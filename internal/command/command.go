// Package command is the command line. Each subcommand has a file of its own;
// [Run] picks the one that the arguments name.
//
// Terraform starts the program without arguments. People start it with a
// subcommand; "help" lists them. This package connects the parts: the provider
// learns here how an embedded control plane is opened. It reads flags, files
// and the environment, prints, and leaves everything else to the packages
// below; none of them knows it.
package command

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
)

// Exit codes.
const (
	exitFine   = 0
	exitFailed = 1
	exitUsage  = 2
)

// process is what a subcommand uses of its surroundings.
type process struct {
	args           []string // without the names of program and subcommand
	env            func(string) string
	stdin          io.Reader
	stdout, stderr io.Writer
}

// command is a subcommand.
type command struct {
	name    string
	summary string
	run     func(ctx context.Context, p process) int
}

// commands are the subcommands in the order in which help lists them.
func commands() []command {
	return []command{
		{"serve", "serve a control plane over HTTP", serve},
		{"ui", "show the control planes of a database to a browser on this machine: ui --database DATABASE", uiCommand},
		{"token", "make, list and delete the tokens of clients: token create NAME", tokenCommand},
		{"schema", "check, compare and describe plugin schemas: schema check PATH..., schema diff OLD NEW, schema doc FILE|NAME", schemaCommand},
		{"lint", "find keys that Terraform drops, wrong values and secrets in configurations: lint PATH...", lintCommand},
		{"dump", "write a whole database into a file: dump --database DATABASE [FILE]", dumpCommand},
		{"load", "fill an empty database with such a file: load --database DATABASE [FILE]", loadCommand},
		{"export", "write a control plane as declarative configuration, or as one of Terraform: export --control-plane NAME", exportCommand},
		{"import", "read declarative configuration into a control plane: import --control-plane NAME FILE", importCommand},
		{"version", "print the version", printVersion},
		{"help", "print this text", printUsage},
	}
}

// aliases are other spellings that people try.
var aliases = map[string]string{
	"-h": "help", "-help": "help", "--help": "help",
	"-v": "version", "-version": "version", "--version": "version",
}

// Run does what the process was started for and returns its exit code.
func Run(ctx context.Context) int {
	return run(ctx, process{
		args:   os.Args[1:],
		env:    os.Getenv,
		stdin:  os.Stdin,
		stdout: os.Stdout,
		stderr: os.Stderr,
	})
}

func run(ctx context.Context, p process) int {
	if len(p.args) == 0 || isDebug(p.args) {
		return plugin(p)
	}
	name := p.args[0]
	if alias, ok := aliases[name]; ok {
		name = alias
	}
	for _, c := range commands() {
		if c.name == name {
			p.args = p.args[1:]
			return c.run(ctx, p)
		}
	}
	return p.misused("%q is not a command", p.args[0])
}

// misused says what is wrong with the arguments, and where to read on.
func (p process) misused(format string, args ...any) int {
	fmt.Fprintf(p.stderr, "terraform-provider-konnect: "+format+"\n\n", args...)
	fmt.Fprint(p.stderr, usage())
	return exitUsage
}

// refused says why a subcommand ends with that code.
func (p process) refused(name string, err error, code int) int {
	fmt.Fprintf(p.stderr, "terraform-provider-konnect %s: %v\n", name, err)
	return code
}

func (p process) failed(err error) int {
	fmt.Fprintf(p.stderr, "terraform-provider-konnect: %v\n", err)
	return exitFailed
}

func printUsage(_ context.Context, p process) int {
	fmt.Fprint(p.stdout, usage())
	return exitFine
}

func usage() string {
	var b strings.Builder
	b.WriteString("This is a Terraform provider: terraform starts it by itself, without arguments.\n\nCommands:\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "  %-9s %s\n", c.name, c.summary)
	}
	b.WriteString("  -debug    run as a provider that a debugger may be attached to, and say how terraform finds it\n" +
		"\n\"terraform-provider-konnect serve -h\" lists the settings of serve.\n")
	return b.String()
}
