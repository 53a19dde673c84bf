package authoring_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/authoring"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
)

func checker() authoring.Checker {
	bundled := plugins.Bundled(entity.Plugin.Schema(), entity.Schemas)
	return authoring.Checker{
		Parent: entity.Plugin.Schema(), Refs: entity.Schemas,
		Bundled: func(name string) bool { _, ok := bundled.Lookup(name); return ok },
	}
}

// expectation stands in a comment on the line that it is about, several behind
// each other:
// --! error text | part of the hint.
type expectation struct {
	line                 int
	severity, text, hint string
}

func expectations(source string) []expectation {
	var out []expectation
	for i, line := range strings.Split(source, "\n") {
		for _, comment := range strings.Split(line, "--! ")[1:] {
			severity, rest, _ := strings.Cut(strings.TrimSpace(comment), " ")
			text, hint, _ := strings.Cut(rest, " | ")
			out = append(out, expectation{i + 1, severity, text, hint})
		}
	}
	return out
}

func (e expectation) meets(f finding.Finding) bool {
	place := f.Message
	if len(f.Path) > 0 {
		place = f.Path.String() + ": " + f.Message
	}
	return f.Line == e.line && string(f.Severity) == e.severity && strings.Contains(place, e.text) && strings.Contains(f.Hint, e.hint)
}

// Every schema in testdata says on its lines what is wrong there; there must be
// no other finding.
func TestChecker_Source(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.lua")
	if err != nil || len(files) < 5 {
		t.Fatalf("testdata: %v, %v", files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			p, findings := checker().Source(t.Context(), file, string(source))
			if !slices.IsSortedFunc(findings, func(a, b finding.Finding) int { return a.Line - b.Line }) {
				t.Errorf("not in the order of lines: %v", findings)
			}
			want := expectations(string(source))
			refused := false
			for _, e := range want {
				refused = refused || e.severity == "error"
				found := false
				for i, f := range findings {
					if e.meets(f) {
						findings = append(findings[:i], findings[i+1:]...)
						found = true
						break
					}
				}
				if !found {
					t.Errorf("line %d: no %s with %q and hint %q", e.line, e.severity, e.text, e.hint)
				}
			}
			for _, f := range findings {
				t.Errorf("not expected: %s", f)
			}
			if (p == nil) != refused {
				t.Errorf("usable: %v, want %v", p != nil, !refused)
			}
		})
	}
}

// TestChecker_Path lays out plugins the way authors do. want lists files with
// a part of what is said about them.
func TestChecker_Path(t *testing.T) {
	t.Parallel()
	const (
		schema  = `return { name = "mine", fields = { { config = { type = "record", fields = { { a = { type = "string" } } } } } } }`
		judging = `return { name = "mine", fields = { { config = { type = "record", fields = { { a = { type = "string", custom_validator = function(v) return v end } } } } } } }`
		handler = `local H = { PRIORITY = 1, VERSION = "1.0" } function H:access(conf) end return H`
	)
	for _, c := range []struct {
		name     string
		files    map[string]string
		streamed bool
		want     []string
	}{
		{"schema and handler", map[string]string{"schema.lua": schema, "handler.lua": handler}, false, nil},
		{"a repository", map[string]string{"kong/plugins/mine/schema.lua": schema, "kong/plugins/mine/handler.lua": handler, "README.md": ""}, false, nil},
		{"a folder in a repository", map[string]string{"src/schema.lua": schema, "src/handler.lua": handler, "spec/schema_spec.lua": ""}, false, nil},
		{"a folder of another name", map[string]string{"kong/plugins/my_own/schema.lua": schema, "kong/plugins/my_own/handler.lua": handler}, false, []string{"warning schema.lua: the plugin is called 'mine', but its folder 'my_own'"}},
		{"no handler", map[string]string{"schema.lua": schema}, false, []string{"warning handler.lua: the plugin has no handler.lua"}},
		{"parts that Konnect does not take", map[string]string{"schema.lua": schema, "handler.lua": handler, "api.lua": "", "daos.lua": "", "dao.lua": "", "migrations/init.lua": "", "migrations.lua": ""}, false, []string{
			"error api.lua: Konnect does not extend", "error dao.lua: Konnect keeps no", "error daos.lua: Konnect keeps no", "error migrations: Konnect keeps no", "error migrations.lua: Konnect keeps no",
		}},
		{"modules are the data planes' business", map[string]string{"schema.lua": schema, "handler.lua": `require "kong.plugins.mine.util"`, "util.lua": ""}, false, nil},
		{"handler that is not Lua", map[string]string{"schema.lua": schema, "handler.lua": "local = 1"}, false, []string{"error handler.lua: "}},
		{"streamed", map[string]string{"schema.lua": schema, "handler.lua": handler}, true, nil},
		{"streamed with modules", map[string]string{"schema.lua": schema, "handler.lua": `local u = require "kong.plugins.mine.util"`, "util.lua": ""}, true, []string{
			"error util.lua: a streamed plugin is one schema and one handler", "error handler.lua: a streamed plugin brings no modules",
		}},
		{"streamed with init_worker", map[string]string{"schema.lua": schema, "handler.lua": "local H = {}\nfunction H:init_worker() end\nH.init_worker = nil\nreturn { init_worker = function() end }"}, true, []string{
			"error handler.lua: a streamed plugin has no init_worker", "error handler.lua: a streamed plugin has no init_worker", "error handler.lua: a streamed plugin has no init_worker",
		}},
		{"streamed with timers", map[string]string{"schema.lua": schema, "handler.lua": "local H = {}\nfunction H:access() if true then ngx.timer.at(0, print) end end\nreturn H"}, true, []string{"error handler.lua: a streamed plugin must not start timers"}},
		{"streamed with code in the schema", map[string]string{"schema.lua": judging, "handler.lua": handler}, true, []string{"error schema.lua: a streamed plugin must not validate"}},
		{"code in the schema is fine otherwise", map[string]string{"schema.lua": judging, "handler.lua": handler}, false, nil},
		{"streamed without a handler", map[string]string{"schema.lua": schema}, true, []string{"error handler.lua: the plugin has no handler.lua"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			check := checker()
			check.Streamed = c.streamed
			p, findings, err := check.Path(t.Context(), layOut(t, c.files))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			failed := false
			for i, f := range findings {
				said := string(f.Severity) + " " + filepath.Base(f.File) + ": " + f.Message
				if i < len(c.want) && strings.HasPrefix(said, c.want[i]) {
					said = c.want[i]
				}
				failed = failed || f.Severity == finding.Error
				got = append(got, said)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if (p == nil) != failed {
				t.Errorf("usable: %v, want %v", p != nil, !failed)
			}
		})
	}
}

func layOut(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestChecker_Path_unreadable(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{
		"nothing there":   filepath.Join(t.TempDir(), "schema.lua"),
		"empty folder":    t.TempDir(),
		"several plugins": layOut(t, map[string]string{"kong/plugins/a/schema.lua": "", "kong/plugins/b/schema.lua": ""}),
		"several folders": layOut(t, map[string]string{"a/schema.lua": "", "b/schema.lua": "", "c/handler.lua": ""}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, _, err := checker().Path(t.Context(), path); err == nil {
				t.Error("no error")
			}
		})
	}
}

func TestChecker_Config(t *testing.T) {
	t.Parallel()
	check := checker()
	p, _, err := check.Path(t.Context(), "testdata/good.lua")
	if err != nil || p == nil {
		t.Fatal(p, err)
	}
	for _, c := range []struct{ name, config, want string }{
		{"defaults", `{"host":"a.example"}`, `{"host":"a.example","port":80,"ratio":0.1}`},
		{"several faults", `{"host":"a b","port":"x","rato":1}`, "host: invalid value: a b; port: expected an integer; rato: unknown field (did you mean 'ratio'?)"},
		{"required", `{}`, "host: required field missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var config map[string]any
			if err := json.Unmarshal([]byte(c.config), &config); err != nil {
				t.Fatal(err)
			}
			complete, findings := check.Config(t.Context(), p, "config.json", config)
			got := describe(findings)
			if findings == nil {
				text, err := json.Marshal(complete)
				if err != nil {
					t.Fatal(err)
				}
				got = string(text)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func describe(findings []finding.Finding) string {
	var parts []string
	for _, f := range findings {
		text := f.Path.String() + ": " + f.Message
		if f.Hint != "" {
			text += " (" + f.Hint + ")"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "; ")
}
