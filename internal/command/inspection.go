package command

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
)

// inspection is a command that looks through files and reports what is wrong
// in them, to people or, as JSON, to machines.
type inspection struct {
	name    string
	usage   string
	nothing string // what to say where no path is given
	flags   func(*flag.FlagSet)
	inspect func(ctx context.Context, paths []string) (report, error)
}

// report is what an inspection found. Its JSON form is its output for machines.
type report interface {
	// print writes what people read.
	print(p process) error
	// count tells the errors and the warnings.
	count() (mistakes, warnings int)
}

// findings are the part of a report that says what is wrong.
type findings struct {
	Findings []finding.Finding `json:"findings"`
	Errors   int               `json:"errors"`
	Warnings int               `json:"warnings"`
}

func (f *findings) add(found []finding.Finding) {
	mistakes, warnings := finding.Count(found)
	f.Findings = append(f.Findings, found...)
	f.Errors, f.Warnings = f.Errors+mistakes, f.Warnings+warnings
}

func (f *findings) count() (mistakes, warnings int) { return f.Errors, f.Warnings }

func (i inspection) run(ctx context.Context, p process) int {
	format, paths, err := i.arguments(p)
	if errors.Is(err, flag.ErrHelp) {
		return exitFine
	}
	var found report
	if err == nil {
		found, err = i.inspect(ctx, paths)
	}
	if err != nil {
		return p.refused(i.name, err, exitUsage)
	}
	if err := write(p, found, format); err != nil {
		return p.refused(i.name, err, exitFailed)
	}
	if mistakes, _ := found.count(); mistakes > 0 {
		return exitFailed
	}
	return exitFine
}

func (i inspection) arguments(p process) (format string, paths []string, err error) {
	flags := flag.NewFlagSet(i.name, flag.ContinueOnError)
	flags.SetOutput(p.stderr)
	flags.StringVar(&format, "format", "human", "`human` text or json")
	i.flags(flags)
	flags.Usage = func() {
		fmt.Fprint(p.stderr, i.usage)
		flags.PrintDefaults()
	}
	paths, err = parseAnywhere(flags, p.args)
	if err != nil {
		return "", nil, err
	}
	switch {
	case format != "human" && format != "json":
		return "", nil, fmt.Errorf("--format %q: give human or json", format)
	case len(paths) == 0:
		return "", nil, errors.New(i.nothing)
	}
	return format, paths, nil
}

// parseAnywhere parses options that stand before, between or behind the other
// arguments, and returns those. What follows "--" is no option.
func parseAnywhere(flags *flag.FlagSet, args []string) (others []string, err error) {
	end := slices.Index(args, "--")
	if end < 0 {
		end = len(args)
	}
	literal := args[min(end+1, len(args)):]
	for args = args[:end]; ; {
		if err := flags.Parse(args); err != nil {
			return nil, err
		}
		if flags.NArg() == 0 {
			return append(others, literal...), nil
		}
		others, args = append(others, flags.Arg(0)), flags.Args()[1:]
	}
}

func write(p process, found report, format string) error {
	if format == "json" {
		return writeJSON(p.stdout, found)
	}
	if err := found.print(p); err != nil {
		return err
	}
	mistakes, warnings := found.count()
	fmt.Fprintf(p.stderr, "%d errors, %d warnings\n", mistakes, warnings)
	return nil
}

// writeJSON writes a value for machines, indented so that people can read it
// too.
func writeJSON(w io.Writer, v any) error {
	encode := json.NewEncoder(w)
	encode.SetIndent("", "  ")
	return encode.Encode(v)
}
