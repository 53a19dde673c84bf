package luaschema_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luaschema"
)

// TestLibraries runs testdata/libraries/*.lua. Each line of such a file is a
// case of its own:
//
//	<expression> --> <what tostring says of each of its values>
//	<expression> --! <part of the error that it raises>
func TestLibraries(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/libraries/*.lua")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for i, line := range strings.Split(string(content), "\n") {
				if line == "" || strings.HasPrefix(line, "--") {
					continue
				}
				expression, want, ok := strings.Cut(line, " --> ")
				fails := false
				if !ok {
					expression, want, fails = strings.Cut(line, " --! ")
				}
				if !ok && !fails {
					t.Fatalf("line %d says nothing of what to expect", i+1)
				}
				got, err := evaluate(t, expression)
				switch {
				case fails && (err == nil || !strings.Contains(err.Error(), want)):
					t.Errorf("line %d: %s\n got %s, %v\nwant the error %s", i+1, expression, got, err, want)
				case !fails && (err != nil || got != want):
					t.Errorf("line %d: %s\n got %s, %v\nwant %s", i+1, expression, got, err, want)
				}
			}
		})
	}
}

// evaluate returns the values of a Lua expression as text, by way of a schema's
// name.
func evaluate(t *testing.T, expression string) (string, error) {
	t.Helper()
	return luaschema.Name(t.Context(), `
local function texts(...)
  local list = {}
  for i = 1, select("#", ...) do list[i] = tostring((select(i, ...))) end
  return "> " .. table.concat(list, " ")
end
return { name = texts(`+expression+`) }`)
}
