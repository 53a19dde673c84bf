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

// bundled is what a data file holds.
type bundled struct {
	def  schema.Def
	info *Info
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

func readBundled(name string) (*bundled, error) {
	text, err := data.ReadFile("data/" + name + ".json")
	if err != nil {
		return nil, err
	}
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(text, &parts); err != nil {
		return nil, fmt.Errorf("data of plugin %q: %w", name, err)
	}
	info := new(Info)
	def := make(schema.Def)
	for key, raw := range parts {
		var into any
		switch key {
		case "info":
			into = info
		case "history":
			into = &info.History
		default:
			into = new(any)
		}
		if err := decode(raw, into); err != nil {
			return nil, fmt.Errorf("data of plugin %q: %s: %w", name, key, err)
		}
		if v, ok := into.(*any); ok {
			def[key] = *v
		}
	}
	return &bundled{def, info}, nil
}

// decode keeps numbers as they are written and refuses facts that Info does
// not know.
func decode(raw []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	d.DisallowUnknownFields()
	return d.Decode(into)
}
