package plugins_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// servedCases are answers of a newer control plane: what stands among the fields
// of config, or beside it, and whether {"size": 3} is a configuration then.
var servedCases = []struct {
	name, config, beside string
	accepts, refuses     string
}{
	{"as it should be", `{"size":{"type":"integer"}}`, ``, `{"size":3}`, `{"size":"x"}`},
	{"an attribute of a newer language", `{"size":{"type":"integer","colour":"red","cel":{"a":[1]}}}`, `"colour":"red"`, `{"size":3}`, `{"size":"x"}`},
	{"a check that cannot be shown", `{"size":{"type":"integer","custom_validator":"function: 0x1"}}`, `"entity_checks":[{"custom_entity_check":{"field_sources":["config.size"]}}]`, `{"size":3}`, `{"size":"x"}`},
	{"a check with its function as text", `{"size":{"type":"integer"}}`, `"entity_checks":[{"custom_entity_check":{"field_sources":["config.size"],"fn":"function: 0x1"}}]`, `{"size":3}`, `{"size":"x"}`},
	{"a check of a newer language", `{"size":{"type":"integer"}}`, `"entity_checks":[{"all_prime":["config.size"]},{"at_least_one_of":["config.size"]}]`, `{"size":3}`, `{"size":"x"}`},
	{"an empty list as a map", `{"size":{"type":"integer","one_of":{}}}`, `"entity_checks":{}`, `{"size":3}`, `{"size":"x"}`},
	{"old names", `{"size":{"type":"integer"}},{"more":{"type":"record","fields":[{"a":{"type":"string"}}],"shorthand_fields":[{"b":{"type":"integer"}},{"c":{"type":"integer"}}]}}`, ``, `{"size":3,"more":{"b":1,"c":2}}`, `{"more":{"b":"x"}}`},
	{"a function of nobody", `{"size":{"type":"integer","custom_validator":{"function":"new:config.size"}}}`, ``, `{"size":3}`, `{"size":"x"}`},
	{"a generated default", `{"size":{"type":"integer","default":{"function":"new:config.size"}}}`, ``, `{"size":3}`, `{"size":"x"}`},
	{"no name of a function", `{"size":{"type":"integer","custom_validator":{}}}`, ``, `{"size":3}`, `{"size":"x"}`},
	{"a null", `{"size":{"type":"integer","default":null,"between":null}}`, `"entity_checks":null`, `{"size":3}`, `{"size":"x"}`},
}

func served(t testing.TB, text string) (p *plugins.Plugin, err error) {
	t.Helper()
	var def map[string]any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&def); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return plugins.Served("new", def, entity.Plugin.Schema(), entity.Schemas)
}

func TestServed(t *testing.T) {
	t.Parallel()
	for _, c := range servedCases {
		text := `{"fields":[{"config":{"type":"record","required":true,"fields":[` + c.config + `]}}]`
		if c.beside != "" {
			text += "," + c.beside
		}
		p, err := served(t, text+"}")
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for config, right := range map[string]bool{c.accepts: true, c.refuses: false} {
			doc := decode(t, `{"name":"new","config":`+config+`}`)
			if _, errs := p.Schema.Check(t.Context(), doc, schema.Insert, schema.Auto{}); (errs == nil) != right {
				t.Errorf("%s: %s: %v", c.name, config, errs)
			}
		}
	}
}

// What has no fields to judge by is an error, and none of it a panic.
func TestServed_hostile(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{}`, `{"fields":null}`, `{"fields":7}`, `{"fields":{"a":1}}`, `{"fields":[7]}`, `{"fields":[{}]}`, `{"fields":[{"a":1,"b":2}]}`,
		`{"fields":[{"config":null}]}`, `{"fields":[{"config":{"type":"rekord"}}]}`, `{"fields":[{"config":{"type":7}}]}`,
		`{"fields":[{"config":{"type":"record","fields":7}}]}`, `{"fields":[{"config":{"type":"record","fields":[{"a":{"type":"array","elements":7}}]}}]}`,
	} {
		if p, err := served(t, text); err == nil {
			t.Errorf("%s is taken for a schema: %v", text, p)
		}
	}
}

func FuzzServed(f *testing.F) {
	for _, c := range servedCases {
		f.Add(`{"fields":[{"config":{"type":"record","required":true,"fields":[` + c.config + `]}}]}`)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var def map[string]any
		if json.Unmarshal([]byte(text), &def) != nil {
			return
		}
		if p, err := plugins.Served("new", def, entity.Plugin.Schema(), entity.Schemas); err == nil {
			_, _ = p.Schema.Check(t.Context(), map[string]any{"name": "new", "config": map[string]any{"size": "x"}}, schema.Insert, schema.Auto{})
		}
	})
}
