package plugins

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

//go:generate go run ./catalog verify -data data

//go:embed data/*.json
var data embed.FS

// file is what a data file holds: a definition and the facts about it.
type file struct {
	Name         string             `json:"name"`
	Version      string             `json:"version"`
	Info         Info               `json:"info"`
	Fields       []any              `json:"fields"`
	EntityChecks []any              `json:"entity_checks"`
	History      map[string]History `json:"history"`
	Konnect      json.RawMessage    `json:"konnect"`
}

func bundledNames() []string {
	entries, err := data.ReadDir("data")
	if err != nil {
		return nil // an embedded folder is always there
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = strings.TrimSuffix(e.Name(), path.Ext(e.Name()))
	}
	return names
}

func readBundled(name string) (*file, error) {
	text, err := data.ReadFile("data/" + name + ".json")
	if err != nil {
		return nil, err
	}
	f, err := parseFile(text)
	if err != nil {
		return nil, fmt.Errorf("data of plugin %q: %w", name, err)
	}
	return f, nil
}

// parseFile reads the text of a data file. Numbers keep their text, and an
// unknown fact is an error.
func parseFile(text []byte) (*file, error) {
	var f file
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return nil, err
	}
	f.Info.Version, f.Info.History, f.Info.konnect = f.Version, f.History, &konnectRules{text: f.Konnect}
	for _, item := range f.Fields {
		if def := record(record(item)["protocols"]); def != nil {
			f.Info.DefaultProtocols = texts(def["default"])
			f.Info.Protocols = texts(record(def["elements"])["one_of"])
		}
	}
	return &f, nil
}

func (f *file) plugin(parent *schema.Schema, refs func(entity string) *schema.Schema) (*Plugin, error) {
	if err := f.serve(); err != nil {
		return nil, fmt.Errorf("plugin %q: %w", f.Name, err)
	}
	def := schema.Def{"name": f.Name, "fields": f.Fields, "entity_checks": f.EntityChecks}
	p, err := build(def, parent, refs)
	if err != nil {
		return nil, err
	}
	p.Info = &f.Info
	return p, nil
}

// FromData compiles a bundled plugin from the text of its data file.
func FromData(text []byte, parent *schema.Schema, refs func(entity string) *schema.Schema) (*Plugin, error) {
	f, err := parseFile(text)
	if err != nil {
		return nil, err
	}
	return f.plugin(parent, refs)
}

// serve puts the defaults of Konnect's control planes into the definition, which
// has the gateway's, and notes those.
func (f *file) serve() error {
	rules, err := f.Info.KonnectRules()
	if err != nil || len(rules.Defaults) == 0 {
		return err
	}
	f.Info.GatewayDefaults = make(map[string]any, len(rules.Defaults))
	for place, v := range rules.Defaults {
		path, err := schema.ParsePath(place)
		if err != nil {
			return fmt.Errorf("konnect.defaults: %w", err)
		}
		def := schema.DefinitionAt(schema.Def{"fields": f.Fields}, path)
		if def == nil {
			return fmt.Errorf("konnect.defaults: there is no field %s", place)
		}
		f.Info.GatewayDefaults[place], def["default"] = def["default"], v
	}
	return nil
}
