// Command published writes testdata/published.tsv: names, types and modes of
// the attributes of the published provider's resources, which ours must equal.
// It reads the schema of that provider as terraform prints it and takes over
// nothing else.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
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
	for _, name := range names {
		r, ok := doc.Resources[name]
		if !ok {
			return fmt.Errorf("the published provider has no %s", name)
		}
		lines = append(lines, list(name, r.Block.Attributes)...)
	}
	slices.Sort(lines)
	return os.WriteFile(to, []byte(strings.Join(lines, "")), 0o644)
}

// list returns one line for each attribute: path, type and mode.
func list(at string, attributes map[string]attribute) (lines []string) {
	for name, a := range attributes {
		path, typ := at+"."+name, ""
		if a.NestedType != nil {
			typ = "nested " + a.NestedType.Nesting
			lines = append(lines, list(path, a.NestedType.Attributes)...)
		} else {
			var compact bytes.Buffer
			if json.Compact(&compact, a.Type) == nil {
				typ = compact.String()
			}
		}
		lines = append(lines, fmt.Sprintf("%s\t%s\t%s\n", path, typ, mode(a)))
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
