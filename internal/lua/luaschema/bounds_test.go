package luaschema_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luaschema"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// TestFunction_bounds: bounds hold for all calls of a validation together. Each
// schema judges 30 elements and can afford a few of them; each validation of
// the same value ends at the same one.
func TestFunction_bounds(t *testing.T) {
	t.Parallel()
	const steps = 800_000
	for name, c := range map[string]struct{ code, want string }{
		"loop":        {`for i = 1, 100000 do end return true`, luaschema.ErrSteps.Error()},
		"memory":      {`local s = ("x"):rep(10e6) return true`, luaschema.ErrMemory.Error()},
		"remembering": {`seen[#seen + 1] = v for i = 1, 100000 do end return true`, luaschema.ErrSteps.Error()},
		"errors":      {`for i = 1, 100000 do end error("wrong")`, luaschema.ErrSteps.Error()},
		"pattern":     {`return not ("a"):rep(2000):find(".-.-b")`, luaschema.ErrSteps.Error()},
		"expression":  {`for i = 1, 2 do ngx.re.find(("a"):rep(20) .. "c", "(a|aa)+[bd]") end return true`, luaschema.ErrSteps.Error()},
		"loop caught": {`pcall(function() for i = 1, 100000 do end end) return true`, luaschema.ErrSteps.Error()},
		"answer":      {`return nil, { a = ("x"):rep(4000), b = ("x"):rep(4000), c = ("x"):rep(4000), d = { ("x"):rep(4000), ("x"):rep(4000), ("x"):rep(4000), ("x"):rep(4000), ("x"):rep(4000), ("x"):rep(4000), ("x"):rep(4000), ("x"):rep(4000), ("x"):rep(4000), ("x"):rep(4000) } }`, luaschema.ErrAnswer.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := luaschema.LoadWithin(t.Context(), `local seen = {} return { name = "p", fields = { { config = { type = "record", fields = {
				{ list = { type = "array", elements = { type = "string", custom_validator = function(v) `+c.code+` end } } } } } } } }`, steps, entity.OpenSourcePlugin(), entity.Schemas)
			if err != nil {
				t.Fatal(err)
			}
			var list []any
			for i := range 30 {
				list = append(list, fmt.Sprint("value ", i))
			}
			var first int
			for try := range 3 {
				_, tree := checkValue(t.Context(), p, map[string]any{"list": list})
				faults, _ := tree.(map[string]any)["list"].([]any)
				if len(faults) != len(list) || !strings.Contains(fmt.Sprint(faults[len(faults)-1]), c.want) {
					t.Fatalf("got %v", tree)
				}
				at := slices.IndexFunc(faults, func(f any) bool { return strings.Contains(fmt.Sprint(f), c.want) })
				if try == 0 {
					first = at
				}
				if at == 0 || at != first {
					t.Errorf("ends at element %d, before that at %d", at, first)
				}
			}
		})
	}
}

// TestFunction_affords: a million turns are no attack.
func TestFunction_affords(t *testing.T) {
	t.Parallel()
	p := mustLoad(t, plugin(`{ v = { type = "integer", custom_validator = function(v)
		local n = 0 for i = 1, 1000000 do n = n + i end return n > v end } }`))
	for range 3 {
		if _, tree := check(t, p, `{"v":5}`); tree != nil {
			t.Error(tree)
		}
	}
}

// TestFunction_load: the bounds hold for loading as a whole, the chunk and the
// functions that judge defaults.
func TestFunction_load(t *testing.T) {
	t.Parallel()
	const field = `{ a%d = { type = "string", default = "x", custom_validator = judge } },`
	var fields strings.Builder
	for i := range 30 {
		fmt.Fprintf(&fields, field, i)
	}
	_, err := luaschema.LoadWithin(t.Context(), `local function judge() for i = 1, 100000 do end return true end
		return { name = "p", fields = { { config = { type = "record", fields = { `+fields.String()+` } } } } }`, 800_000, entity.OpenSourcePlugin(), entity.Schemas)
	var e *luaschema.Error
	if !errors.As(err, &e) || e.Stage != luaschema.Metaschema {
		t.Errorf("got %v", err)
	}
}

// TestFunction_answers: results of a schema's code are bounded before anything
// uses them.
func TestFunction_answers(t *testing.T) {
	t.Parallel()
	const most = schema.MaxMessages + schema.MaxMessage + 30*200
	for name, fields := range map[string]string{
		"message":           `{ v = { type = "string", custom_validator = function() return nil, ("x"):rep(20e6) end } }`,
		"error":             `{ v = { type = "string", custom_validator = function() error(("x"):rep(20e6)) end } }`,
		"table":             `{ v = { type = "string", custom_validator = function() return nil, { a = ("x"):rep(20e6) } end } }`,
		"key of a table":    `{ v = { type = "string", custom_validator = function() return nil, { [("x"):rep(20e6)] = "a" } end } }`,
		"not text":          `{ v = { type = "string", custom_validator = function() return nil, { { {} } } end } }`,
		"false":             `{ v = { type = "string", custom_validator = function() return false, ("x"):rep(20e6) end } }`,
		"null":              `{ v = { type = "string", custom_validator = function() return ngx.null, ("x"):rep(20e6) end } }`,
		"many":              `{ list = { type = "array", elements = { type = "string", custom_validator = function() return nil, ("x"):rep(1e6) end } } }`,
		"err of a function": `{ list = { type = "array", elements = { type = "string", err = ("x"):rep(1e6), custom_validator = function() end } } }`,
		"err of a rule":     `{ list = { type = "array", elements = { type = "string", one_of = { "y" }, err = ("x"):rep(1e6) } } }`,
		"names of a rule":   `{ list = { type = "array", elements = { type = "string", one_of = { ("y"):rep(1e6) } } } }`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := mustLoad(t, plugin(fields))
			var list []any
			for range 30 {
				list = append(list, "x")
			}
			config := map[string]any{"v": "x"}
			if strings.Contains(fields, "list") {
				config = map[string]any{"list": list}
			}
			_, errs := p.Schema.Check(t.Context(), map[string]any{"name": p.Name, "config": config}, schema.Insert, schema.Auto{})
			if errs == nil {
				t.Fatal("no fault")
			}
			text, err := json.Marshal(errs.Tree())
			if err != nil {
				t.Fatal(err)
			}
			if len(text) > most || len(errs.Summary()) > most {
				t.Errorf("says %d and %d bytes", len(text), len(errs.Summary()))
			}
		})
	}
}

// TestFunction_values: values cannot be cut, so too much of them is an error.
func TestFunction_values(t *testing.T) {
	t.Parallel()
	config := func(body string) string {
		return `return { name = "p", fields = { { config = { type = "record", fields = { { a = { type = "string" } } },
			shorthand_fields = { { v = { type = "string", func = function(v) ` + body + ` end } } } } } } }`
	}
	p := mustLoad(t, config(`return { a = v .. ("x"):rep(500000) }`))
	if _, tree := check(t, p, `{"v":"x"}`); tree != nil {
		t.Error(tree)
	}
	for _, body := range []string{`return { a = ("x"):rep(2e6) }`, `return { a = "x", [("x"):rep(2e6)] = 1 }`, `return ("x"):rep(2e6)`} {
		_, tree := check(t, mustLoad(t, config(body)), `{"v":"x"}`)
		if text := fmt.Sprint(tree); !strings.Contains(text, luaschema.ErrAnswer.Error()) || len(text) > 500 {
			t.Errorf("%s: got %.200s", body, text)
		}
	}
	if _, err := load(t.Context(), plugin(`{ v = { type = "string", default = ("x"):rep(2e6) } }`)); !errors.Is(err, luaschema.ErrAnswer) {
		t.Errorf("got %v", err)
	}
}
