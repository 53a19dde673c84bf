package command

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
)

// inspection is a command that looks through files and reports what is wrong
// in them, to people or to machines.
type inspection struct {
	name    string
	usage   string
	nothing string            // what to say where no path is given
	formats []string          // of its output; nil: human and json
	rules   map[string]string // what the rules mean that findings name
	flags   func(*flag.FlagSet)
	inspect func(ctx context.Context, paths []string) (report, error)
	// fails says which reports end with an exit code of their own; nil: those
	// with errors.
	fails func(mistakes, warnings int) bool
}

// reviewFormats are the forms of what is reviewed line by line.
var reviewFormats = []string{"human", "json", "github", "sarif"}

// report is what an inspection found. Its JSON form is its output for machines.
type report interface {
	// print writes what people read.
	print(p process) error
	// count tells the errors and the warnings.
	count() (mistakes, warnings int)
	// list is all that is wrong.
	list() []finding.Finding
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

func (f *findings) list() []finding.Finding { return f.Findings }

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
	if err := i.write(p, found, format); err != nil {
		return p.refused(i.name, err, exitFailed)
	}
	if i.failed(found.count()) {
		return exitFailed
	}
	return exitFine
}

func (i inspection) failed(mistakes, warnings int) bool {
	if i.fails != nil {
		return i.fails(mistakes, warnings)
	}
	return mistakes > 0
}

func (i inspection) arguments(p process) (format string, paths []string, err error) {
	if i.formats == nil {
		i.formats = reviewFormats[:2]
	}
	last := len(i.formats) - 1
	choice := strings.Join(i.formats[:last], ", ") + " or " + i.formats[last]
	flags := flag.NewFlagSet(i.name, flag.ContinueOnError)
	flags.SetOutput(p.stderr)
	flags.StringVar(&format, "format", i.formats[0], "the `form` of the output: "+choice)
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
	case !slices.Contains(i.formats, format):
		return "", nil, fmt.Errorf("--format %q: give %s", format, choice)
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

func (i inspection) write(p process, found report, format string) error {
	switch format {
	case "json":
		return writeJSON(p.stdout, found)
	case "github":
		return writeAnnotations(p.stdout, found.list())
	case "sarif":
		return writeJSON(p.stdout, sarif(i.rules, found.list()))
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
