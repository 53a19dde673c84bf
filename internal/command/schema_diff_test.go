package command

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
)

// schemaOf is a schema.lua with these fields in its config.
func schemaOf(name, fields string) string {
	return `return { name = "` + name + `", fields = { { config = { type = "record", fields = { ` + fields + ` } } } } }`
}

// schemaFiles are the files that the commands for authors are tested with.
func schemaFiles(t *testing.T) func(args ...string) []string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"one.lua":      schemaOf("mine", `{ host = { type = "string", required = true } }, { port = { type = "integer", default = 80 } }`),
		"more.lua":     schemaOf("mine", `{ host = { type = "string", required = true } }, { port = { type = "integer", default = 80 } }, { path = { type = "string" } }`),
		"default.lua":  schemaOf("mine", `{ host = { type = "string", required = true } }, { port = { type = "integer", default = 81 } }`),
		"less.lua":     schemaOf("mine", `{ host = { type = "string", required = true } }`),
		"retyped.lua":  schemaOf("mine", `{ host = { type = "number", required = true } }, { port = { type = "integer", default = 80 } }`),
		"v2.lua":       schemaOf("mine-v2", `{ host = { type = "string", required = true } }, { port = { type = "integer", default = 80 } }`),
		"empty.lua":    schemaOf("mine", ""),
		"awkward.lua":  schemaOf("mine", `{ text = { type = "string", default = "a|b`+"`"+`c ${d}", description = "One <b>bar</b> | another." } }`),
		"hopeless.lua": schemaOf("mine", `{ text = { type = "string", required = true, custom_validator = function() return false, "no" end } }`),
		"bad.lua":      badSchema,
		"plain.yaml":   "host: a.example\n", "port.json": `{"host":"a.example","port":9}`, "list.yaml": "- a\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return func(args ...string) []string {
		out := make([]string, len(args))
		for i, a := range args {
			if filepath.Ext(a) != "" {
				a = filepath.Join(dir, a)
			}
			out[i] = a
		}
		return out
	}
}

func TestSchemaDiff(t *testing.T) {
	t.Parallel()
	files := schemaFiles(t)
	for _, c := range []struct {
		name string
		args []string
		exit int
		says string // in both outputs
	}{
		{"the same", []string{"one.lua", "one.lua"}, exitFine, "compatible: 0 changes"},
		{"compatible", []string{"one.lua", "more.lua"}, exitFine, "config.path: optional string without a default was added\n    short path"},
		{"long", []string{"one.lua", "less.lua"}, exitLong, "config.port: optional integer, default 80 was removed\n    long path"},
		{"the documentation disagrees with itself", []string{"more.lua", "one.lua"}, exitLong, "disagrees with itself"},
		{"in step", []string{"one.lua", "retyped.lua"}, exitLong, "control plane and data planes in step"},
		{"breaks", []string{"one.lua", "retyped.lua", "--config", "plain.yaml"}, exitBreaks, "plain.yaml: error: host: expected a number"},
		{"breaks one of two", []string{"--config", "plain.yaml", "one.lua", "--config", "port.json", "less.lua"}, exitBreaks, "port.json: error: port: unknown field"},
		{"drops", []string{"one.lua", "less.lua", "--config", "plain.yaml"}, exitLong, "plain.yaml: warning: port: is dropped"},
		{"new default", []string{"one.lua", "default.lua", "--config", "plain.yaml"}, exitFine, "plain.yaml: warning: port: changes"},
		{"new default beside a value", []string{"one.lua", "default.lua", "--config", "port.json"}, exitFine, "port.json: stays as it is"},
		{"another plugin", []string{"one.lua", "v2.lua"}, exitFine, `"mine" becomes "mine-v2"`},
		{"for machines", []string{"one.lua", "retyped.lua", "--config", "plain.yaml", "--format", "json"}, exitBreaks, `"verdict": "breaks"`},
		{"old has errors", []string{"bad.lua", "one.lua"}, exitFailed, "bad.lua:2: error"},
		{"new has errors", []string{"one.lua", "bad.lua"}, exitFailed, "bad.lua:2: error"},
		{"one", []string{"one.lua"}, exitUsage, "OLD NEW"},
		{"three", []string{"one.lua", "one.lua", "one.lua"}, exitUsage, "OLD NEW"},
		{"none", nil, exitUsage, "OLD NEW"},
		{"not there", []string{"one.lua", "none.lua"}, exitUsage, "no such file"},
		{"configuration not there", []string{"one.lua", "one.lua", "--config", "none.yaml"}, exitUsage, "no such file"},
		{"configuration that is a list", []string{"one.lua", "one.lua", "--config", "list.yaml"}, exitUsage, "expected an object"},
		{"no such format", []string{"--format", "xml", "one.lua", "one.lua"}, exitUsage, "human or json"},
		{"an option behind the end of options", []string{"one.lua", "--", "--config"}, exitUsage, "no such file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			exit, stdout, stderr := runSchema(t, append([]string{"diff"}, files(c.args...)...))
			if exit != c.exit || !strings.Contains(stdout+stderr, c.says) {
				t.Errorf("exit code %d, want %d, and %q:\n%s%s", exit, c.exit, c.says, stdout, stderr)
			}
			if strings.HasPrefix(c.says, `"`) && strings.HasSuffix(c.name, "machines") && !json.Valid([]byte(stdout)) {
				t.Errorf("no JSON: %s", stdout)
			}
		})
	}
}

func TestSchemaDoc(t *testing.T) {
	t.Parallel()
	files := schemaFiles(t)
	for _, c := range []struct {
		name string
		args []string
		exit int
		says []string
	}{
		{"fields", []string{"one.lua"}, exitFine, []string{"# mine\n", "| `host` | string | yes |", "| `port` | integer | no | `80` |", "    host = \"", "    # port = 80\n"}},
		{"no fields", []string{"empty.lua"}, exitFine, []string{"has no configuration", "konnect_gateway_plugin"}},
		{"texts that would end a cell, a code or a string", []string{"awkward.lua"}, exitFine, []string{"`\"a\\|b'c ${d}\"`", "One &lt;b>bar&lt;/b> \\| another.", "# text = \"a|b`c $${d}\""}},
		{"no valid configuration", []string{"hopeless.lua"}, exitFine, []string{"found no valid configuration", "| `text` | string | yes |  | judged by code |"}},
		{"errors", []string{"bad.lua"}, exitFailed, []string{"bad.lua:2: error"}},
		{"two", []string{"one.lua", "one.lua"}, exitUsage, []string{"give one"}},
		{"none", nil, exitUsage, []string{"give one"}},
		{"not there", []string{"none.lua"}, exitUsage, []string{"none.lua is neither a file nor a bundled plugin\n"}},
		{"a bundled plugin", []string{"rate-limiting"}, exitFine, []string{
			"# rate-limiting\n\nLimits how many requests", "| `minute` | number | no |  | more than `0` | Most requests in a minute. |", "Since 3.6.",
			"| `redis_host` | string | no |  |  | Another way to write other fields. Deprecated: `redis.host` says it now. |",
		}},
		{"kinds of a record", []string{"datakit"}, exitFine, []string{"| `nodes[].ttl` | integer | no |  | more than `0` | Only where `type` is `cache`. Seconds for which something is kept. |"}},
		{"a replacement further in", []string{"ai-semantic-cache"}, exitFine, []string{"| `vectordb.redis.timeout` |", "Deprecated: `vectordb.redis.connect_timeout` says it now."}},
		{"a plugin that Konnect lacks", []string{"oauth2"}, exitFine, []string{"Konnect does not have it."}},
		{"a mistyped plugin", []string{"rate-limitng"}, exitUsage, []string{"did you mean rate-limiting?"}},
		{"a plugin and a file", []string{"cors", "one.lua"}, exitUsage, []string{"give one"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			exit, stdout, stderr := runSchema(t, append([]string{"doc"}, files(c.args...)...))
			if exit != c.exit {
				t.Errorf("exit code %d, want %d", exit, c.exit)
			}
			for _, text := range c.says {
				if !strings.Contains(stdout+stderr, text) {
					t.Errorf("no %q in:\n%s%s", text, stdout, stderr)
				}
			}
		})
	}
}

// A file has precedence over a bundled plugin with the same name.
func TestSchemaDoc_fileFirst(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("cors", []byte(schemaOf("mine", "")), 0o600); err != nil {
		t.Fatal(err)
	}
	if exit, stdout, stderr := runSchema(t, []string{"doc", "cors"}); exit != exitFine || !strings.HasPrefix(stdout, "# mine\n") {
		t.Errorf("exit code %d, and it describes another plugin:\n%s%s", exit, stdout, stderr)
	}
}

// The page of every bundled plugin says of every field what it does.
func TestSchemaDoc_bundled(t *testing.T) {
	t.Parallel()
	undescribed := regexp.MustCompile("(?m)^\\| `([^`]*)` \\| [^|]* \\| (?:yes|no) \\| .* \\|  \\|$")
	for _, name := range plugins.Bundled(entity.Plugin.Schema(), entity.Schemas).Names() {
		exit, stdout, stderr := runSchema(t, []string{"doc", name})
		if exit != exitFine || !strings.HasPrefix(stdout, "# "+name+"\n\n") || stderr != "0 errors, 0 warnings\n" {
			t.Errorf("%s: exit code %d: %s", name, exit, stderr)
		}
		for _, field := range undescribed.FindAllStringSubmatch(stdout, -1) {
			t.Errorf("%s: nothing says what %s does", name, field[1])
		}
	}
}

func runSchema(t *testing.T, args []string) (exit int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	exit = run(t.Context(), process{args: append([]string{"schema"}, args...), env: os.Getenv, stdout: &out, stderr: &errs})
	return exit, out.String(), errs.String()
}
