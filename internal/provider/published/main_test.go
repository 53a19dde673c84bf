package main

import (
	"compress/gzip"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// read returns the lines of a table.
func read(t *testing.T, file string) []string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var in io.Reader = f
	if path.Ext(file) == ".gz" {
		if in, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	text, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Collect(strings.Lines(string(text)))
}

// The tables list what they are to list, a line for each attribute, sorted.
func TestTables(t *testing.T) {
	t.Parallel()
	modes := []string{"required", "optional", "computed", "optional computed"}
	for name, patterns := range tables {
		lines := read(t, filepath.Join("../testdata", name))
		if !slices.IsSorted(lines) || len(slices.Compact(slices.Clone(lines))) != len(lines) {
			t.Errorf("%s: lines stand twice or are not sorted", name)
		}
		listed := map[string]int{}
		for _, line := range lines {
			parts := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
			if len(parts) != 3 || parts[1] == "" || !slices.Contains(modes, parts[2]) {
				t.Errorf("%s: %q is no path, type and mode", name, line)
				continue
			}
			resource, _, _ := strings.Cut(parts[0], ".")
			i := slices.IndexFunc(patterns, func(p string) bool { ok, _ := path.Match(p, resource); return ok })
			if i < 0 {
				t.Errorf("%s: %s does not belong there", name, resource)
				continue
			}
			if listed[resource]++; listed[resource] == 1 {
				listed[patterns[i]+" "]++
			}
		}
		for _, p := range patterns {
			if least := map[bool]int{true: 111, false: 1}[p == "konnect_gateway_plugin_*"]; listed[p+" "] < least {
				t.Errorf("%s: %d resources are named %s", name, listed[p+" "], p)
			}
		}
	}
}

func TestRun(t *testing.T) {
	t.Parallel()
	resource := `{"block": {"attributes": {"id": {"type": "string", "computed": true}, "tags": {"type": ["list", "string"], "optional": true},
		"config": {"nested_type": {"nesting_mode": "single", "attributes": {"a": {"type": "bool", "optional": true, "computed": true}}}, "required": true}}}}`
	var all []string
	for _, patterns := range tables {
		for _, p := range patterns {
			all = append(all, `"`+strings.NewReplacer("[^p]", "", "*", "acl").Replace(p)+`": `+resource)
		}
	}
	whole := `{"provider_schemas": {"registry.terraform.io/kong/konnect": {"resource_schemas": {` + strings.Join(all, ", ") + `}}}}`
	tests := []struct{ text, fault string }{
		{whole, ""},
		{strings.Replace(whole, "kong/konnect", "kong/gateway", 1), "no schema of the provider kong/konnect"},
		{strings.Replace(whole, "konnect_gateway_plugin_acl", "konnect_plugin_acl", 1), "no resource is named konnect_gateway_plugin_*"},
		{strings.Replace(whole, `"konnect_realm"`, `"konnect_room"`, 1), "no resource is named konnect_realm"},
		{"{", "unexpected end of JSON input"},
		{"", "unexpected end of JSON input"},
	}
	for _, tt := range tests {
		dir := t.TempDir()
		from := filepath.Join(dir, "schema.json")
		if err := os.WriteFile(from, []byte(tt.text), 0o600); err != nil {
			t.Fatal(err)
		}
		err := run(from, dir)
		if tt.fault != "" {
			if err == nil || !strings.Contains(err.Error(), tt.fault) {
				t.Errorf("%v, want %s", err, tt.fault)
			}
			if files, _ := filepath.Glob(filepath.Join(dir, "*.tsv*")); len(files) > 0 {
				t.Errorf("%s: wrote %v", tt.fault, files)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		want := []string{
			"konnect_gateway_plugin_acl.config\tnested single\trequired\n", "konnect_gateway_plugin_acl.config.a\t\"bool\"\toptional computed\n",
			"konnect_gateway_plugin_acl.id\t\"string\"\tcomputed\n", "konnect_gateway_plugin_acl.tags\t[\"list\",\"string\"]\toptional\n",
		}
		if got := read(t, filepath.Join(dir, "published_plugins.tsv.gz")); !slices.Equal(got, want) {
			t.Errorf("got %q", got)
		}
	}
	if err := run(filepath.Join(t.TempDir(), "none.json"), t.TempDir()); err == nil {
		t.Error("a file that is not there is no fault")
	}
}
