package command

import (
	"io/fs"
	"os"
	"strings"
	"testing"
)

// The module that shows how modules are tested passes its own tests, and they find
// what is broken in it.
func TestExample_catalogue(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ test, file, old, changed, want string }{
		"as it is":      {"", "", "", "", "6 passed, 0 failed."},
		"a default":     {"catalogue", "plugins/greeter.lua", "X-Greeting", "X-Hello", "The greeter has another header."},
		"a replacement": {"change", "main.tf", `= each.key`, `= "${each.key}-${each.value.host}"`, "1 failed"},
		"a wrong value": {"mocked", "main.tf", `hide_credentials = true`, `hide_credentials = "perhaps"`, "hide_credentials"},
		"a mistake":     {"catalogue", "tests/kong.yaml", "host: legacy", "hots: legacy", "tests/kong.yaml:7: services[0].hots"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, changed := newWorkshop(t), c.file == ""
			example := os.DirFS("../../examples/catalogue")
			err := fs.WalkDir(example, ".", func(path string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return err
				}
				text, err := fs.ReadFile(example, path)
				if path == c.file {
					changed = strings.Contains(string(text), c.old)
					text = []byte(strings.ReplaceAll(string(text), c.old, c.changed))
				}
				w.write(t, path, string(text))
				return err
			})
			if err != nil || !changed {
				t.Fatalf("%s has no %q (%v)", c.file, c.old, err)
			}
			command := "terraform test -no-color"
			if c.test != "" {
				command += " -filter=tests/" + c.test + ".tftest.hcl || true"
			}
			if out := strings.Join(strings.Fields(w.run(t, command)), " "); !strings.Contains(out, c.want) {
				t.Errorf("no %q in: %s", c.want, out)
			}
		})
	}
}
