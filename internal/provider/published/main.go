// Command published writes testdata/published.tsv and, compressed, its
// counterpart for the resources of single plugins: names, types and modes of
// the attributes of the published provider's resources, which ours must equal.
// It reads the schema of that provider as terraform prints it and takes over
// nothing else.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path"
	"slices"
	"strings"
)

type attribute struct {
	Type       json.RawMessage `json:"type"`
	NestedType *struct {
		Attributes map[string]attribute `json:"attributes"`
		Nesting    string               `json:"nesting_mode"`
	} `json:"nested_type"`
	Required bool `json:"required"`
	Optional bool `json:"optional"`
	Computed bool `json:"computed"`
}

func main() {
	from := flag.String("from", "../../../shared/compat/published-provider-schema.json", "schema of the published provider")
	to := flag.String("to", "testdata/published.tsv", "file to write")
	flag.Parse()
	if err := run(*from, *to, flag.Args()); err != nil {
		log.Fatal(err)
	}
}

func run(from, to string, names []string) error {
	text, err := os.ReadFile(from)
	if errors.Is(err, fs.ErrNotExist) {
		fmt.Printf("%s is not there: %s stays as it is\n", from, to)
		return nil
	}
	if err != nil {
		return err
	}
	var doc struct {
		Resources map[string]struct {
			Block struct {
				Attributes map[string]attribute `json:"attributes"`
			} `json:"block"`
		} `json:"resource_schemas"`
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		return err
	}
	var lines []string
	for _, pattern := range names {
		found := false
		for name, r := range doc.Resources {
			if ok, _ := path.Match(pattern, name); ok {
				found = true
				lines = append(lines, list(name, r.Block.Attributes)...)
			}
		}
		if !found {
			return fmt.Errorf("the published provider has no %s", pattern)
		}
	}
	slices.Sort(lines)
	return write(to, strings.Join(lines, ""))
}

// write compresses what is to be a .gz file.
func write(to, text string) error {
	if path.Ext(to) != ".gz" {
		return os.WriteFile(to, []byte(text), 0o644)
	}
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write([]byte(text)); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile(to, packed.Bytes(), 0o644)
}

// list returns one line for each attribute: path, type and mode.
func list(at string, attributes map[string]attribute) (lines []string) {
	for name, a := range attributes {
		at, typ := at+"."+name, ""
		if a.NestedType != nil {
			typ = "nested " + a.NestedType.Nesting
			lines = append(lines, list(at, a.NestedType.Attributes)...)
		} else {
			var compact bytes.Buffer
			if json.Compact(&compact, a.Type) == nil {
				typ = compact.String()
			}
		}
		lines = append(lines, fmt.Sprintf("%s\t%s\t%s\n", at, typ, mode(a)))
	}
	return lines
}

func mode(a attribute) string {
	switch {
	case a.Required:
		return "required"
	case a.Optional && a.Computed:
		return "optional computed"
	case a.Optional:
		return "optional"
	default:
		return "computed"
	}
}
