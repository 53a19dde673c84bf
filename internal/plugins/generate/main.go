// Command generate writes the data files of the bundled plugins from the
// catalog of facts about them: one file per plugin, in the form that package
// plugins reads, and one of example configurations for its tests. Running it
// again writes the same bytes.
//
//	go run ./generate [-catalog DIR] [-recorded FILE] [-out DIR]
//
// The catalog lacks what a dump of a schema cannot hold. What the schemas
// behind the recorded answers of Kong's engine know (custom validators,
// messages) is carried over to the same fields (restore.go); names of
// functions are attached where the rules are told elsewhere (code.go).
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

type table = map[string]any

const defaultCatalog = "../../../shared/catalog"

func main() {
	catalog := flag.String("catalog", defaultCatalog, "folder of the catalog")
	recorded := flag.String("recorded", "../../../shared/vectors/bundled-schemas.jsonl", "schemas behind the recorded answers")
	out := flag.String("out", ".", "folder of the package")
	flag.Parse()
	if _, err := os.Stat(*catalog); errors.Is(err, fs.ErrNotExist) && *catalog == defaultCatalog {
		// A checkout of its own has the data files, not what they were made of.
		fmt.Println("no catalog beside the project: the data files stay as they are")
		return
	}
	if err := generate(*catalog, *recorded, *out); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func generate(catalog, recorded, out string) error {
	facts := os.DirFS(catalog)
	known, err := readRecorded(recorded)
	if err != nil {
		return err
	}
	var versions struct{ Plugins map[string]table }
	if err := readJSON(facts, "versions.json", &versions); err != nil {
		return err
	}
	files, err := fs.Glob(facts, "plugins/*.json")
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("%s: no plugins", catalog)
	}
	docs := make(map[string]table)
	for _, file := range files {
		var p table
		if err := readJSON(facts, file, &p); err != nil {
			return err
		}
		name, _ := p["name"].(string)
		if docs[name], err = document(p, known, versions.Plugins[name]); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if err := writeAll(filepath.Join(out, "data"), docs); err != nil {
		return err
	}
	configs, err := examples(facts)
	if err != nil {
		return err
	}
	return writeAll(filepath.Join(out, "testdata", "examples"), configs)
}

// writeAll makes the folder hold these documents and no others.
func writeAll(dir string, docs map[string]table) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return err
	}
	for _, file := range files {
		if docs[strings.TrimSuffix(filepath.Base(file), ".json")] == nil {
			if err := os.Remove(file); err != nil {
				return err
			}
		}
	}
	for name, doc := range docs {
		if err := os.WriteFile(filepath.Join(dir, name+".json"), render(doc), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// document is the data file of one plugin.
func document(p table, known map[string]table, versions table) (table, error) {
	name, _ := p["name"].(string)
	def, _ := p["schema"].(table)
	t := translator{plugin: name}
	doc, err := t.definition(without(def, "supported_partials"), "")
	if err != nil {
		return nil, err
	}
	restore(name, doc, known)
	attach(name, doc)
	doc["name"] = name
	doc["info"] = info(p, def)
	if fields, ok := versions["fields"].(table); ok {
		doc["history"] = fields
	}
	return doc, nil
}

func readRecorded(path string) (map[string]table, error) {
	known := make(map[string]table)
	err := eachLine(os.DirFS(filepath.Dir(path)), filepath.Base(path), func(def table) {
		name, _ := def["name"].(string)
		known[name] = def
	})
	return known, err
}

func readJSON(dir fs.FS, path string, into any) error {
	data, err := fs.ReadFile(dir, path)
	if err != nil {
		return err
	}
	if err := decode(data, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func decode(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return d.Decode(into)
}
