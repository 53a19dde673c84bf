// Command catalog keeps the data files of the bundled plugins, which are the
// source of what is known about them:
//
//	catalog verify                        writes the files in their one form; fails on what does not agree
//	catalog diff   -gateway 3.16 SOURCE   shows what an import would change; exits with 1 when that is anything
//	catalog import -gateway 3.16 SOURCE   takes it over, with marks of the version that changed it
//
// SOURCE serves schemas of that version: the admin API of a gateway
// (http://localhost:8001), the core entities of a control plane
// (https://eu.api.konghq.com/v2/control-planes/{id}/core-entities, with a token
// in KONNECT_TOKEN), or a folder of their answers, NAME.json.
//
// A served schema lacks rules that Kong has in code, and Konnect's rules. An
// import keeps what our data say beyond it. The parts: source.go reads answers,
// answer.go brings them into the form of the data, merge.go merges the
// differences, verify.go judges data, render.go writes them.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/dataplane"
)

// table is a JSON object.
type table = map[string]any

// The exit codes of the command besides 0.
const (
	exitDiffers = 1 // data differ, or do not agree
	exitFailed  = 2
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
}

// options are what the command line says.
type options struct {
	data    string
	gateway string
	konnect bool
	source  string
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	command, o, err := parseArguments(args, stderr)
	if err != nil {
		fmt.Fprintln(stderr, "catalog:", err)
		return exitFailed
	}
	docs, err := readData(o.data)
	if err == nil && command != "verify" {
		var changed bool
		if changed, err = update(ctx, docs, o, stdout); err == nil && command == "diff" {
			return map[bool]int{true: exitDiffers}[changed]
		}
	}
	if err == nil {
		err = writeData(o.data, docs)
	}
	if err != nil {
		fmt.Fprintln(stderr, "catalog:", err)
		return exitFailed
	}
	found := verify(ctx, docs)
	for _, f := range found {
		fmt.Fprintln(stderr, f)
	}
	if len(found) > 0 {
		return exitDiffers
	}
	return 0
}

func parseArguments(args []string, stderr io.Writer) (command string, o options, err error) {
	if len(args) > 0 {
		command, args = args[0], args[1:]
	}
	flags := flag.NewFlagSet("catalog "+command, flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.data, "data", "internal/plugins/data", "folder of the data files")
	want := 0
	switch command {
	case "verify":
	case "diff", "import":
		want = 1
		flags.StringVar(&o.gateway, "gateway", "", "version of the gateway that the schemas are of, such as 3.16")
		flags.BoolVar(&o.konnect, "konnect", false, "the defaults are Konnect's own, not the gateway's")
	default:
		return "", o, errors.New("expected verify, diff or import")
	}
	if err := flags.Parse(args); err != nil {
		return "", o, err
	}
	if flags.NArg() != want {
		return "", o, fmt.Errorf("%s takes %d arguments, not %d", command, want, flags.NArg())
	}
	o.source = flags.Arg(0)
	if want > 0 {
		if _, err := dataplane.ParseVersion(o.gateway); err != nil {
			return "", o, fmt.Errorf("-gateway: %w", err)
		}
	}
	return command, o, nil
}

// update merges the answers of the source into the documents, and returns the
// changes.
func update(ctx context.Context, docs map[string]table, o options, out io.Writer) (changed bool, err error) {
	answers, err := readSource(ctx, o.source, slices.Collect(maps.Keys(docs)))
	if err != nil {
		return false, err
	}
	for _, name := range slices.Sorted(maps.Keys(answers)) {
		if docs[name] == nil {
			docs[name] = newDocument(name)
		}
		changes, err := merge(docs[name], answers[name], o.gateway, o.konnect)
		if err != nil {
			return false, fmt.Errorf("%s: %w", name, err)
		}
		changed = changed || len(changes) > 0
		for _, c := range changes {
			fmt.Fprintf(out, "%s: %s\n", name, c)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(docs)) {
		if answers[name] == nil {
			fmt.Fprintf(out, "%s: not served, so not compared\n", name)
		}
	}
	return changed, nil
}

func readData(dir string) (map[string]table, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s: no data files", dir)
	}
	docs := make(map[string]table)
	for _, file := range files {
		if docs[pluginOf(file)], err = readTable(file); err != nil {
			return nil, err
		}
	}
	return docs, nil
}

// pluginOf is the plugin that a file is named for.
func pluginOf(file string) string { return strings.TrimSuffix(filepath.Base(file), ".json") }

// writeData writes the files whose content differs.
func writeData(dir string, docs map[string]table) error {
	for name, doc := range docs {
		file, text := filepath.Join(dir, name+".json"), render(doc)
		if old, err := os.ReadFile(file); err == nil && string(old) == string(text) {
			continue
		}
		if err := os.WriteFile(file, text, 0o600); err != nil {
			return err
		}
	}
	return nil
}
