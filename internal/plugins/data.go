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

//go:generate go run ./generate

//go:embed data/*.json
var data embed.FS

// document is what a data file holds: a definition and the facts about it.
type document struct {
	Name         string             `json:"name"`
	Info         Info               `json:"info"`
	Fields       []any              `json:"fields"`
	EntityChecks []any              `json:"entity_checks"`
	History      map[string]History `json:"history"`
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

// readBundled reads a plugin's data. Numbers stay as they are written, and a
// fact that nobody asks for is an error.
func readBundled(name string) (schema.Def, *Info, error) {
	text, err := data.ReadFile("data/" + name + ".json")
	if err != nil {
		return nil, nil, err
	}
	var doc document
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	d.DisallowUnknownFields()
	if err := d.Decode(&doc); err != nil {
		return nil, nil, fmt.Errorf("data of plugin %q: %w", name, err)
	}
	doc.Info.History = doc.History
	return schema.Def{"name": doc.Name, "fields": doc.Fields, "entity_checks": doc.EntityChecks}, &doc.Info, nil
}
