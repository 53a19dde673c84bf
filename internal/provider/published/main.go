// Command published brings the tables of the published provider's resources up
// to date: names, types and modes of their attributes, which ours must equal.
//
//	terraform providers schema -json > schema.json   # where kong/konnect is installed
//	go run ./internal/provider/published schema.json
//
// It takes over nothing else of that schema.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"maps"
	"os"
	"path"
	"path/filepath"
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

// tables are the files by the patterns of the resources, and of the data sources
// with a prefix, that they list.
var tables = map[string][]string{
	"published.tsv": {
		"konnect_gateway_[^p]*", "konnect_gateway_partial", "konnect_realm", "konnect_centralized_*",
		dataPrefix + "konnect_gateway_*",
	},
	"published_plugins.tsv.gz": {"konnect_gateway_plugin_*"},
}

// dataPrefix tells data sources from resources of the same name.
const dataPrefix = "data:"

// resources are schemas of resources and data sources by name.
type resources = map[string]struct {
	Block struct {
		Attributes map[string]attribute `json:"attributes"`
	} `json:"block"`
}

func main() {
	to := flag.String("to", "internal/provider/testdata", "folder of the tables")
	flag.Parse()
	if flag.NArg() != 1 {
		log.Fatal("expected one file, as terraform providers schema -json writes it")
	}
	if err := run(flag.Arg(0), *to); err != nil {
		log.Fatal(err)
	}
}

func run(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	published, err := publishedIn(text)
	if err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	texts := map[string]string{}
	for name, patterns := range tables {
		if texts[name], err = tableOf(published, patterns); err != nil {
			return fmt.Errorf("%s: %w", from, err)
		}
	}
	for name, text := range texts {
		if err := write(filepath.Join(to, name), text); err != nil {
			return err
		}
	}
	return nil
}

// publishedIn finds the published provider's resources among the schemas.
func publishedIn(text []byte) (resources, error) {
	var doc struct {
		Providers map[string]struct {
			Resources   resources `json:"resource_schemas"`
			DataSources resources `json:"data_source_schemas"`
		} `json:"provider_schemas"`
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, err
	}
	for address, provider := range doc.Providers {
		if strings.HasSuffix(address, "/kong/konnect") {
			out := maps.Clone(provider.Resources)
			for name, source := range provider.DataSources {
				out[dataPrefix+name] = source
			}
			return out, nil
		}
	}
	return nil, errors.New("no schema of the provider kong/konnect")
}

// tableOf lists the attributes of the resources that match.
func tableOf(published resources, patterns []string) (string, error) {
	var lines []string
	for _, pattern := range patterns {
		found := false
		for name, r := range published {
			if ok, _ := path.Match(pattern, name); ok {
				found = true
				lines = append(lines, list(name, r.Block.Attributes)...)
			}
		}
		if !found {
			return "", fmt.Errorf("no resource is named %s", pattern)
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, ""), nil
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
