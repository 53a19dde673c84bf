package plugins

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

//go:generate go run ./catalog verify -data data

//go:embed data/*.json
var data embed.FS

// file is what a data file holds: a definition and the facts about it.
type file struct {
	Name         string
	Info         Info
	Fields       []any
	EntityChecks []any
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
// unknown fact is an error. Definitions are most of it and of no Go type, so they
// are read without reflection.
func parseFile(text []byte) (*file, error) {
	members, err := jsonvalue.Members(string(text))
	if err != nil {
		return nil, err
	}
	f := file{Info: Info{konnect: &konnectRules{}}}
	for name, part := range members {
		switch name {
		case "name":
			err = facts(part, &f.Name)
		case "version":
			err = facts(part, &f.Info.Version)
		case "info":
			err = facts(part, &f.Info)
		case "history":
			err = facts(part, &f.Info.History)
		case "konnect":
			f.Info.konnect.text = json.RawMessage(part)
		case "fields":
			f.Fields, err = definitions(part)
		case "entity_checks":
			f.EntityChecks, err = definitions(part)
		default:
			err = errors.New("unknown")
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	f.Info.Protocols, f.Info.DefaultProtocols = protocols(f.Fields)
	return &f, nil
}

// protocols are those that the schema's field takes, and its default.
func protocols(fields []any) (all, usual []string) {
	for _, item := range fields {
		if def := record(record(item)["protocols"]); def != nil {
			all, usual = texts(record(def["elements"])["one_of"]), texts(def["default"])
		}
	}
	return all, usual
}

// facts reads what is of a Go type.
func facts(text string, out any) error {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	d.DisallowUnknownFields()
	return d.Decode(out)
}

// definitions reads a list of definitions.
func definitions(text string) ([]any, error) {
	v, err := jsonvalue.Parse(text, jsonvalue.MaxDepth)
	if err != nil {
		return nil, err
	}
	list, ok := v.([]any)
	if !ok {
		return nil, errors.New("it is not a list")
	}
	return list, nil
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
