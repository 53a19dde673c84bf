// Command run holds the schema engine against a folder of vector files:
//
//	go run ./internal/conformance/run [-first N] DIR
//
// It ends with status 1 when an answer differs or a file cannot be judged.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/openkonnect/terraform-provider-konnect/internal/conformance"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("conformance", flag.ContinueOnError)
	flags.SetOutput(stderr)
	first := flags.Int("first", 10, "how many differences to print")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() != 1 {
		fmt.Fprintln(stderr, "which folder of vectors? usage: conformance [-first N] DIR")
		return 2
	}
	report, err := conformance.Run(ctx, os.DirFS(flags.Arg(0)))
	if err != nil {
		fmt.Fprintf(stderr, "%s: %v\n", flags.Arg(0), err)
		return 1
	}
	if err := report.Write(stdout, *first); err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	if report.Failed() > 0 || len(report.Faults) > 0 {
		return 1
	}
	return 0
}
