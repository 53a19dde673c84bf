package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func parse(t *testing.T, text string) table {
	t.Helper()
	var v table
	if err := decode([]byte(text), &v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

func TestTranslate(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, def, want, fault string }{
		{"as it is", `{"type": "string", "one_of": ["a"], "since": "3.13"}`, `{"type": "string", "one_of": ["a"], "since": "3.13"}`, ""},
		{"says nothing", `{"type": "string", "nullable": true}`, `{"type": "string"}`, ""},
		{"reference in a string", `{"type": "string", "referenceable": true}`, `{"type": "string", "referenceable": true}`, ""},
		{"reference in a number", `{"type": "integer", "referenceable": true}`, `{"type": "integer", "referenceable": "any"}`, ""},
		{"made up by the server", `{"type": "string", "default_generated": "random"}`, `{"type": "string", "default_generated": "random", "auto": true}`, ""},
		{"of unknown requirement", `{"type": "record", "fields": [], "required_unknown": true}`,
			`{"type": "record", "fields": [], "required_unknown": true, "required": false}`, ""},
		{"JSON of any form", `{"type": "json"}`,
			`{"type": "json", "json_schema": {"inline": {"type": ["array", "boolean", "null", "number", "object", "string"]}}}`, ""},
		{"variants", `{"type": "record", "fields": [], "subschema_key": "kind", "subschema_override_parent": true,
			"subschema_definitions": {"a": {"type": "record", "fields": [{"x": {"type": "string"}}]}}}`,
			`{"type": "record", "fields": [], "subschema_key": "kind", "subschemas": {"a": {"fields": [{"x": {"type": "string"}}]}}}`, ""},
		{"code", `{"type": "record", "fields": [], "entity_checks": [
			{"custom_entity_check": {"field_sources": ["a", "b"]}}, {"custom_entity_check": {"field_sources": ["a", "b"]}}, {"mutually_exclusive": ["a", "b"], "since": "3.14"}]}`,
			`{"type": "record", "fields": [], "entity_checks": [
			{"custom_entity_check": {"field_sources": ["a", "b"], "fn": {"function": "p:config.custom_entity_check(a,b)"}}}, {"mutually_exclusive": ["a", "b"]}]}`, ""},
		{"unknown attribute", `{"type": "string", "colour": "red"}`, "", `config: unknown attribute "colour"`},
		{"deep unknown attribute", `{"type": "array", "elements": {"type": "record", "fields": [{"a": {"colour": 1}}]}}`, "", `config.elements.a: unknown attribute "colour"`},
		{"nameless field", `{"type": "record", "fields": [{}]}`, "", "config: field 1 is not one name with one definition"},
		{"foreign to nothing", `{"type": "foreign"}`, "", "config: a foreign field without a reference"},
		{"elements are no definition", `{"type": "array", "elements": "string"}`, "", "config.elements: not a definition"},
	}
	for _, tt := range tests {
		got, err := translator{plugin: "p"}.definition(parse(t, tt.def), "config")
		if tt.fault != "" {
			if err == nil || err.Error() != tt.fault {
				t.Errorf("%s: %v, want %q", tt.name, err, tt.fault)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if diff := cmp.Diff(parse(t, tt.want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestRestore(t *testing.T) {
	t.Parallel()
	doc := parse(t, `{"fields": [{"config": {"type": "record", "fields": [
		{"path": {"type": "string", "match": "^/"}}, {"host": {"type": "string"}}, {"new": {"type": "string"}}, {"kind": {"type": "integer"}}],
		"entity_checks": [{"conditional": {"if_field": "path", "if_match": {"eq": "x"}, "then_field": "host", "then_match": {"required": true}}}]}}]}`)
	known := map[string]table{"p": parse(t, `{"fields": [{"config": {"type": "record", "fields": [
		{"path": {"type": "string", "match": "^/", "err": "not a path"}}, {"host": {"type": "string", "custom_validator": {"function": "typedefs.host.custom_validator"}}},
		{"kind": {"type": "string", "err": "of another type"}}],
		"entity_checks": [{"conditional": {"if_field": "path", "if_match": {"eq": "x"}, "then_field": "host", "then_match": {"required": true}, "then_err": "no host"}}]}}]}`)}
	restore("p", doc, known)
	want := parse(t, `{"fields": [{"config": {"type": "record", "fields": [
		{"path": {"type": "string", "match": "^/", "err": "not a path"}}, {"host": {"type": "string", "custom_validator": {"function": "typedefs.host.custom_validator"}}},
		{"new": {"type": "string"}}, {"kind": {"type": "integer"}}],
		"entity_checks": [{"conditional": {"if_field": "path", "if_match": {"eq": "x"}, "then_field": "host", "then_match": {"required": true}, "then_err": "no host"}}]}}]}`)
	if diff := cmp.Diff(want, doc); diff != "" {
		t.Error(diff)
	}
}

func TestRender(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 90)
	doc := parse(t, `{"fields": [{"a": {"type": "string", "default": "<>"}}, {"b": {"one_of": ["`+long+`", "y"], "type": "string", "required": true}}], "name": "p", "since": 1.10}`)
	want := `{
 "name": "p", "since": 1.10,
 "fields": [
  {"a": {"type": "string", "default": "<>"}},
  {"b": {
   "type": "string", "required": true,
   "one_of": ["` + long + `", "y"]
  }}
 ]
}
`
	if diff := cmp.Diff(want, string(render(doc))); diff != "" {
		t.Error(diff)
	}
}

// Two runs write the same, and what is no plugin's any more goes.
func TestGenerate(t *testing.T) {
	t.Parallel()
	in, out := t.TempDir(), t.TempDir()
	write := func(dir, name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(in, "plugins/p.json", `{"name": "p", "availability": {"tier": "free", "scopes": []}, "schema": {"fields": [], "entity_checks": []}}`)
	write(in, "versions.json", `{"plugins": {"p": {"fields": {"config.a": {"since": "3.1"}}}}}`)
	write(in, "example-configs.jsonl", `{"plugin": "p", "config": {"a": 1}, "min_version": "3.1"}`+"\n")
	write(in, "example-configs-invalid.jsonl", `{"plugin": "p", "config": {"b": 1}, "issues": [["config.b", "unknown field"]]}`+"\n")
	write(in, "recorded.jsonl", `{"name": "q", "fields": []}`+"\n")
	write(out, "data/gone.json", "{}")
	for range 2 {
		if err := generate(in, filepath.Join(in, "recorded.jsonl"), out); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{
		"data/p.json": `{"name": "p", "info": {"tier": "free", "not_in_konnect": true}, "fields": [], "entity_checks": [], "history": {"config.a": {"since": "3.1"}}}` + "\n",
		"testdata/examples/p.json": `{
 "invalid": [
  {"at": ["config.b"], "config": {"b": 1}}
 ],
 "valid": [
  {"config": {"a": 1}, "min_version": "3.1"}
 ]
}
`,
	} {
		got, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(parse(t, want), parse(t, string(got))); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
	if _, err := os.Stat(filepath.Join(out, "data/gone.json")); !os.IsNotExist(err) {
		t.Errorf("the file of a plugin that is gone is still there: %v", err)
	}
}
