package command

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const goodSchema = `return { name = "mine", fields = { { config = { type = "record", fields = {
  { host = { type = "string", required = true } }, { port = { type = "integer", default = 80 } } } } } } }`

const badSchema = `return { name = "mine", fields = {
  { config = { type = "record", fields = { { host = { type = "text" } } } } } } }`

func TestSchemaCheck(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good, bad := write("good.lua", goodSchema), write("bad.lua", badSchema)
	yes, entity, no := write("yes.yaml", "host: a.example\n"), write("entity.json", `{"name":"mine","config":{"host":"a.example"}}`), write("no.json", `{"hots":1}`)
	list, broken := write("list.yaml", "- a\n"), write("broken.yaml", "a: [\n")
	for _, c := range []struct {
		name           string
		args           []string
		exit           int
		stdout, stderr string
	}{
		{"good", []string{good}, exitFine, "", "plugin 'mine' is fine\n0 errors, 0 warnings"},
		{"bad", []string{good, bad}, exitFailed, "", "bad.lua:2: error: fields[1].config.fields[1].host.type: expected one of"},
		{"defaults", []string{"--config", yes, good}, exitFine, "\"port\": 80", "is fine"},
		{"an entity around the configuration", []string{"--config", entity, good}, exitFine, "\"port\": 80", "is fine"},
		{"wrong configuration", []string{"--config", no, good}, exitFailed, "", "no.json: error: hots: unknown field\n    hint: did you mean 'host'?"},
		{"for machines", []string{"--format", "json", bad}, exitFailed, `"path": "fields[1].config.fields[1].host.type"`, ""},
		{"streamed needs its handler", []string{"--streamed", dir}, exitUsage, "", "neither schema.lua nor"},
		{"no such file", []string{filepath.Join(dir, "none.lua")}, exitUsage, "", "no such file"},
		{"no path", nil, exitUsage, "", "give at least one"},
		{"no such format", []string{"--format", "xml", good}, exitUsage, "", "give human or json"},
		{"one configuration for two plugins", []string{"--config", yes, good, good}, exitUsage, "", "belongs to one plugin"},
		{"configuration that is a list", []string{"--config", list, good}, exitUsage, "", "expected an object"},
		{"configuration that is no YAML", []string{"--config", broken, good}, exitUsage, "", "broken.yaml"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			exit := run(t.Context(), process{
				args: append([]string{"schema", "check"}, c.args...), env: os.Getenv, stdout: &stdout, stderr: &stderr,
			})
			if exit != c.exit {
				t.Errorf("exit code %d, want %d", exit, c.exit)
			}
			if !strings.Contains(stdout.String(), c.stdout) || !strings.Contains(stderr.String(), c.stderr) {
				t.Errorf("stdout:\n%s\nstderr:\n%s", &stdout, &stderr)
			}
			if c.stdout != "" && !json.Valid(stdout.Bytes()) {
				t.Errorf("stdout is no JSON: %s", &stdout)
			}
		})
	}
}
