package acctest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins/sample"
)

// An ID that nothing has, and the schema of a plugin that is nobody's.
const (
	SomeID     = "9524ec7d-36d9-465d-a8c5-83a3c9390458"
	SomeSource = `return { name = "mine", fields = { { config = { type = "record", fields = { { size = { type = "integer", default = 3 } } } } } } }`
)

// TypedName is the resource type for a plugin.
func TypedName(plugin string) string {
	return "konnect_gateway_plugin_" + strings.ReplaceAll(plugin, "-", "_")
}

// ByKonnect tells what is wrong with a configuration by Konnect's rules, which
// samples made from schemas do not know.
var ByKonnect = regexp.MustCompile(`Konnect|data planes have no database`)

// Configurations returns configurations of a plugin by what they are: the
// smallest one, one that gives every field, and examples.
func Configurations(t testing.TB, p *plugins.Plugin) map[string]map[string]any {
	t.Helper()
	out := map[string]map[string]any{}
	for name, make := range map[string]func() (map[string]any, error){
		"minimal": func() (map[string]any, error) { return sample.Minimal(t.Context(), p) },
		"rich":    func() (map[string]any, error) { return sample.Rich(t.Context(), p) },
	} {
		config, err := make()
		if err != nil {
			t.Fatal(err)
		}
		if p.Name == "ai-mcp-proxy" && name == "rich" {
			// Any list will do for the schema; the resource is more precise.
			config["tools"].([]any)[0].(map[string]any)["parameters"] = []any{map[string]any{"name": "a", "in": "query", "schema": map[string]any{"type": "string"}}}
		}
		out[name] = sample.InKonnect(t.Context(), p, config)
	}
	file, err := os.Open(filepath.Join("../plugins/testdata/examples", p.Name+".json"))
	if os.IsNotExist(err) {
		return out
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	d := json.NewDecoder(file)
	d.UseNumber()
	var examples struct {
		Valid []struct {
			Config map[string]any `json:"config"`
		} `json:"valid"`
	}
	if err := d.Decode(&examples); err != nil {
		t.Fatal(err)
	}
	for i, e := range examples.Valid {
		out[fmt.Sprintf("example %d", i+1)] = e.Config
	}
	return out
}

// Unexpected are the unknown parts of a plan that the server does not make.
func Unexpected(p *plugins.Plugin, unknown []string) []string {
	return slices.DeleteFunc(unknown, func(path string) bool {
		name, inConfig := strings.CutPrefix(path, "config.")
		if !inConfig {
			return slices.Contains([]string{"created_at", "id", "updated_at"}, path)
		}
		f := p.Schema.Field("config").Record.Field(name)
		return f != nil && f.Auto
	})
}
