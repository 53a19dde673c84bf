package luaschema_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luaschema"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// plugin wraps the fields of a config into a schema.
func plugin(fields string) string {
	return `local typedefs = require "kong.db.schema.typedefs"
return { name = "p", fields = { { config = { type = "record", fields = { ` + fields + ` } } } } }`
}

func mustLoad(t *testing.T, source string) *luaschema.Plugin {
	t.Helper()
	p, err := load(t.Context(), source)
	if err != nil {
		t.Fatalf("%s\n%v", source, err)
	}
	return p
}

// check fills and validates a config under a plugin, and returns the error tree
// below config, or the filled config.
func check(t *testing.T, p *luaschema.Plugin, config string) (filled, tree any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(config))
	d.UseNumber()
	var c any
	if err := d.Decode(&c); err != nil {
		t.Fatal(err)
	}
	return checkValue(t.Context(), p, c)
}

func checkValue(ctx context.Context, p *luaschema.Plugin, config any) (filled, tree any) {
	done, errs := p.Schema.ProcessAutoFields(ctx, map[string]any{"name": p.Name, "config": config}, schema.Insert, schema.Auto{})
	if errs == nil {
		errs = p.Schema.Validate(ctx, done, schema.Insert)
	}
	if errs == nil {
		return done["config"], nil
	}
	root, _ := errs.Tree().(map[string]any)
	if tree, ok := root["config"]; ok {
		return nil, tree
	}
	return nil, root
}

func TestLoad_definition(t *testing.T) {
	t.Parallel()
	p := mustLoad(t, `
local typedefs = require "kong.db.schema.typedefs"
local function even(v) return v % 2 == 0 end
return { name = "p", fields = {
  { consumer = typedefs.no_consumer },
  { config = { type = "record", fields = {
    { list = { type = "array", elements = { type = "number" }, default = { 1, 2.5, 1e21, -0.1 } } },
    { none = { type = "array", elements = { type = "string" }, default = {} } },
    { null = { type = "string", default = ngx.null } },
    { bounds = { type = "number", between = { 0, math.huge } } },
    { a = { type = "integer", custom_validator = even } }, { b = { type = "integer", custom_validator = even } },
    { host = typedefs.host { default = "x" } },
  } } } } }`)
	config := p.Def["fields"].([]any)[1].(map[string]any)["config"].(map[string]any)["fields"].([]any)
	field := func(i int) schema.Def {
		for _, def := range config[i].(map[string]any) {
			return def.(schema.Def)
		}
		return nil
	}
	consumer := p.Def["fields"].([]any)[0].(map[string]any)["consumer"].(schema.Def)
	if eq, ok := consumer["eq"]; !ok || eq != nil {
		t.Errorf("eq = ngx.null became %v, %v", eq, ok)
	}
	want := []any{schema.Number("1"), schema.Number("2.5"), schema.Number("1e+21"), schema.Number("-0.1")}
	if diff := cmp.Diff(want, field(0)["default"]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(any(map[string]any{}), field(1)["default"]); diff != "" {
		t.Error(diff)
	}
	if v, ok := field(2)["default"]; !ok || v != nil {
		t.Errorf("default = ngx.null became %v, %v", v, ok)
	}
	if diff := cmp.Diff([]any{schema.Number("0"), math.Inf(1)}, field(3)["between"]); diff != "" {
		t.Error(diff)
	}
	if a, b := field(4)["custom_validator"], field(5)["custom_validator"]; a != b || a.(*schema.Function).Name != "schema.lua:3" {
		t.Errorf("one function became %v and %v", a, b)
	}
	if f := field(6)["custom_validator"]; f != schema.FunctionNamed("typedefs.host.custom_validator") {
		t.Errorf("a typedef's function came back as %v", f)
	}
	if p.Name != "p" || p.Schema.Field("config") == nil || p.Schema.Field("route") == nil {
		t.Errorf("got plugin %q", p.Name)
	}
}

func TestLoad_fails(t *testing.T) {
	t.Parallel()
	tests := []struct {
		source  string
		stage   luaschema.Stage
		line    int
		message string
		hint    string // a part of it
	}{
		{"return {\n  name = = 1\n}", luaschema.Compile, 2, "schema.lua:2: unexpected symbol near '='", ""},
		{"local a = !b", luaschema.Compile, 1, "schema.lua:1: unexpected symbol near '!'", "not x"},
		{"local a = b ~= c && d", luaschema.Compile, 1, "schema.lua:1: unexpected symbol near '&'", "x and y"},
		{"local a =\n[ 'x' ]", luaschema.Compile, 2, "schema.lua:2: unexpected symbol near '['", "braces"},
		{"goto nowhere", luaschema.Compile, 1, "schema.lua:1: undefined label 'nowhere'", ""},
		{"\n\nerror('no schema today')", luaschema.Run, 3, "schema.lua:3: no schema today", ""},
		{"error('no place', 0)", luaschema.Run, 0, "no place", ""},
		{"local t\nreturn t.x", luaschema.Run, 2, "schema.lua:2: attempt to index 't' (a nil value)", ""},
		{"local t = { a = {} }\nreturn t.a.b.c", luaschema.Run, 2, "schema.lua:2: attempt to index 't.a.b' (a nil value)", ""},
		{"local a, b\nreturn a.x, b.x", luaschema.Run, 2, "schema.lua:2: attempt to index a nil value with key 'x'", ""},
		{"local f = print\nf().x = 1", luaschema.Run, 2, "schema.lua:2: attempt to index a nil value with key 'x'", ""},
		{"local t\nfor i = 1, 2 do t.x = i end", luaschema.Run, 2, "schema.lua:2: attempt to index 't' (a nil value)", ""},
		{"local log = kong.log", luaschema.Run, 1, "schema.lua:1: attempt to index 'kong' (a nil value)", "there is no kong"},
		{"return ngx.var.host", luaschema.Run, 1, "schema.lua:1: attempt to index 'ngx.var' (a nil value)", "there is no request"},
		{"loadstring('return 1')", luaschema.Run, 1, "schema.lua:1: attempt to call 'loadstring', which is no function", "typedefs.lua_code"},
		{"\nlocal m = require 'kong.plugins.mine.helper'", luaschema.Run, 2, "schema.lua:2: module 'kong.plugins.mine.helper' not found:", "copy what it needs"},
		{"require 'kong.tools.sandbox'", luaschema.Run, 1, "schema.lua:1: module 'kong.tools.sandbox' not found:", "lua_code"},
		{"return { name = 'p', fields = { { config = { type = 'record', fields = { { v = { type = 'string', custom_validator = function(v)\nreturn require 'kong.tools.sandbox'.validate(v) end } } } } } } }", luaschema.Run, 2, "schema.lua:2: module 'kong.tools.sandbox' not found:", "lua_code"},
		{"require 'kong.dao.errors'", luaschema.Run, 1, "schema.lua:1: module 'kong.dao.errors' not found:", "return nil, "},
		{"require 'resty.http'", luaschema.Run, 1, "schema.lua:1: module 'resty.http' not found:", "in handler.lua"},
		{"local typedefs = require 'kong.db.schema.typedefs'\nreturn typedefs.run_on_first", luaschema.Run, 2, "schema.lua:2: schema typedef error: definition run_on_first does not exist", "leave the field out"},
		{"local typedefs = require 'kong.db.schema.typedefs'\nreturn typedefs.entirely_else", luaschema.Run, 2, "schema.lua:2: schema typedef error: definition entirely_else does not exist", "the typedefs are: auto_timestamp_ms"},
		{"local typedefs = require 'kong.db.schema.typedefs'\nreturn typedefs.hots", luaschema.Run, 2, "schema.lua:2: schema typedef error: definition hots does not exist", "did you mean typedefs.host?"},
		{"nofunction()", luaschema.Run, 1, "schema.lua:1: attempt to call 'nofunction', which is no function", ""},
		{"local x = tostring(1) .. os.getenv('HOME')", luaschema.Run, 1, "schema.lua:1: attempt to call 'tostring' or 'os.getenv', which is no function", "without files and environment"},
		{"local s = 'x' s:nothing()", luaschema.Run, 1, "schema.lua:1: attempt to call 's:nothing', which is no function", ""},
		{"local t = {}\nt[1]()", luaschema.Run, 2, "schema.lua:2: attempt to call a value that is no function", ""},
		{"local name = ...\nreturn { name = name:match('x'), fields = {} }", luaschema.Run, 2, "schema.lua:2: attempt to index 'name' (a nil value)", "module name"},
		{"local name = ({ ... })[1]:match('x')", luaschema.Run, 1, "schema.lua:1: attempt to index a nil value with key 'match'", `name = "my-plugin"`},
		{"return nil", luaschema.Type, 0, "schema chunk returned nil", "end the schema with"},
		{"return true", luaschema.Type, 0, "schema chunk returned a boolean", ""},
		{"return function() end", luaschema.Type, 0, "schema chunk returned a function", ""},
		{"return { name = 'x', fields = { { a = coroutine.create(print) } } }", luaschema.Type, 0, "fields[1].a holds a thread, which has no meaning in a schema", ""},
		{"return { fields = {} }", luaschema.Metaschema, 0, "schema violation (name: field required for entity check)", ""},
		{"return { name = 'x', fields = { { other = { type = 'string' } } } }", luaschema.Subschema, 0, "error in definition of 'x': other: cannot create a new field", ""},
	}
	for _, tt := range tests {
		_, err := load(t.Context(), tt.source)
		var e *luaschema.Error
		if !errors.As(err, &e) {
			t.Errorf("%s\ngot %v", tt.source, err)
			continue
		}
		if e.Stage != tt.stage || e.Line != tt.line || e.Message != tt.message || !strings.Contains(e.Hint, tt.hint) {
			t.Errorf("%s\n got %s, line %d: %s (%s)\nwant %s, line %d: %s (%s)", tt.source, e.Stage, e.Line, e.Message, e.Hint, tt.stage, tt.line, tt.message, tt.hint)
		}
		if (e.Stage == luaschema.Metaschema) != (e.Errors != nil) {
			t.Errorf("%s\nerror tree at stage %s: %v", tt.source, e.Stage, e.Errors)
		}
	}
}

func TestLoad_functions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, fields, config string
		filled, tree         any
	}{
		{"good", `{ v = { type = "string", custom_validator = function(v) return v == "a" end } }`, `{"v":"a"}`, map[string]any{"v": "a"}, nil},
		{"refused", `{ v = { type = "string", custom_validator = function(v) return nil, "not " .. v end } }`, `{"v":"a"}`, nil, map[string]any{"v": "not a"}},
		{"no message", `{ v = { type = "string", custom_validator = function(v) end } }`, `{"v":"a"}`, nil, map[string]any{"v": "failed validating: a"}},
		{"table", `{ v = { type = "map", keys = { type = "string" }, values = { type = "integer" }, custom_validator = function(v) local n = 0 for k, e in pairs(v) do n = n + e end return n == 3, "sum " .. n end } }`, `{"v":{"a":1,"b":3}}`, nil, map[string]any{"v": "sum 4"}},
		{"list", `{ v = { type = "array", elements = { type = "number" }, custom_validator = function(v) return #v == 2 and v[2] == 0.5 end } }`, `{"v":[1,0.5]}`, map[string]any{"v": []any{schema.Number("1"), schema.Number("0.5")}}, nil},
		{"message is a table", `{ v = { type = "record", fields = { { a = { type = "string" } } }, custom_validator = function(v) return nil, { a = "bad", [1] = "first" } end } }`, `{"v":{"a":"x"}}`, nil, map[string]any{"v": map[string]any{"a": "bad", schema.PositionKey(1): "first"}}},
		{"typedef", `{ v = typedefs.host }`, `{"v":"a:80"}`, nil, map[string]any{"v": "must not have a port"}},
		{"calls a typedef's function", `{ v = { type = "string", custom_validator = function(v) return typedefs.host.custom_validator(v) end } }`, `{"v":"a:80"}`, nil, map[string]any{"v": "must not have a port"}},
		{"upvalues", `{ v = (function() local limit = 3 return { type = "integer", custom_validator = function(v) return v < limit, "over " .. limit end } end)() }`, `{"v":5}`, nil, map[string]any{"v": "over 3"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			filled, tree := check(t, mustLoad(t, plugin(tt.fields)), tt.config)
			if diff := cmp.Diff(tt.filled, filled); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.tree, tree); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestLoad_raises shows that errors and exceeded bounds of a validator are
// reported, and that the schema still works afterwards.
func TestLoad_raises(t *testing.T) {
	t.Parallel()
	p := mustLoad(t, plugin(`{ v = { type = "string", custom_validator = function(v)
		if v == "error" then error("boom " .. v) end
		if v == "table" then error({}) end
		if v == "deep" then local function f() return 1 + f() end f() end
		if v == "memory" then local s = "x" while true do s = s .. s end end
		if v == "caught" then while true do pcall(function() local s = "xx" while true do s = s .. s end end) end end
		if v == "poison" then string.rep, table.concat, tostring = nil end
		return true
	end } }`))
	for value, want := range map[string]string{
		"error":  "boom error",
		"table":  "error that is a table",
		"deep":   "stack overflow",
		"memory": luaschema.ErrMemory.Error(),
		"caught": luaschema.ErrMemory.Error(),
	} {
		_, tree := checkValue(t.Context(), p, map[string]any{"v": value})
		fields, _ := tree.(map[string]any)
		if text, _ := fields["v"].(string); !strings.Contains(text, want) {
			t.Errorf("%s: got %v, want %s", value, tree, want)
		}
		if _, tree := checkValue(t.Context(), p, map[string]any{"v": "fine"}); tree != nil {
			t.Errorf("after %s: %v", value, tree)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, tree := checkValue(ctx, p, map[string]any{"v": "memory"}); tree == nil {
		t.Error("a cancelled call went well")
	}
}

// TestLoad_isolation shows that a schema cannot change what another one sees.
func TestLoad_isolation(t *testing.T) {
	t.Parallel()
	if _, err := load(t.Context(), `
local typedefs = require "kong.db.schema.typedefs"
typedefs.port.between[2] = 5
typedefs.host.custom_validator = nil
setmetatable(typedefs, { __index = function() return { type = "evil" } end })
getmetatable(typedefs.port).__call = function() error("evil") end
require("kong.tools.redis.schema").config_schema.fields[1] = nil
require("kong.db.schema").define = nil
string.format = nil
ngx.null = nil
return { name = "evil", fields = {} }`); err != nil {
		t.Fatal(err)
	}
	p := mustLoad(t, plugin(`{ port = typedefs.port { default = 80 } }, { host = typedefs.host },
		{ redis = require("kong.tools.redis.schema").config_schema }, { s = { type = "string", default = ("%s"):format("x"), ne = ngx.null } }`))
	filled, tree := check(t, p, `{"port":65535,"redis":{"host":"a"}}`)
	if tree != nil {
		t.Fatal(tree)
	}
	if s := filled.(map[string]any)["s"]; s != "x" {
		t.Errorf("got %v", s)
	}
}

func TestLoad_concurrent(t *testing.T) {
	t.Parallel()
	p := mustLoad(t, plugin(`{ v = { type = "integer", custom_validator = function(v)
		local t = {} for i = 1, 100 do t[i] = i * v end
		return t[100] == 100 * v and v % 2 == 0, "odd: " .. v
	end } }`))
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			for i := range 50 {
				n := worker*50 + i
				_, tree := checkValue(t.Context(), p, map[string]any{"v": schema.Number(fmt.Sprint(n))})
				var want any
				if n%2 == 1 {
					want = map[string]any{"v": fmt.Sprintf("odd: %d", n)}
				}
				if diff := cmp.Diff(want, tree); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
	group.Wait()
}

// TestLoad_held calls a validator that never forgets: its state must not grow
// without end.
func TestLoad_held(t *testing.T) {
	t.Parallel()
	p := mustLoad(t, `
local all = {}
return { name = "p", fields = { { config = { type = "record", fields = { { v = { type = "string", custom_validator = function(v)
	all[#all + 1] = v:rep(1000000)
	return #all < 30, "holds " .. #all
end } } } } } } }`)
	for range 100 {
		if _, tree := checkValue(t.Context(), p, map[string]any{"v": "x"}); tree != nil {
			t.Fatal(tree)
		}
	}
}

func TestLoad_differs(t *testing.T) {
	t.Parallel()
	p := mustLoad(t, `
local field = "f" .. math.random(1e9)
return { name = "p", fields = { { config = { type = "record", fields = { { v = { type = "string", custom_validator = function(v) error("gone") end } } },
	entity_checks = { { custom_entity_check = { field_sources = { "v" }, fn = function() return true end } } } } } } }`)
	// after an error the next call runs the chunk again, in a fresh state
	for range 3 {
		if _, tree := checkValue(t.Context(), p, map[string]any{"v": "x"}); !strings.Contains(fmt.Sprint(tree), "gone") {
			t.Errorf("got %v", tree)
		}
	}
}

// TestLoad_consumerGroups: only Konnect's plugins entity has consumer groups,
// and with them the typedef.
func TestLoad_consumerGroups(t *testing.T) {
	t.Parallel()
	const source = `local typedefs = require "kong.db.schema.typedefs"
return { name = "p", fields = { { consumer_group = typedefs.no_consumer_group } } }`
	p, err := luaschema.Load(t.Context(), source, entity.Plugin.Schema(), entity.Schemas)
	if err != nil {
		t.Fatal(err)
	}
	for value, want := range map[any]string{
		nil: "", "x": "schema violation (consumer_group: value must be null)",
	} {
		got := ""
		if errs := p.Schema.Validate(t.Context(), map[string]any{"name": "p", "protocols": []any{"http"}, "enabled": true, "consumer_group": value}, schema.Insert); errs != nil {
			got = errs.Summary()
		}
		if got != want {
			t.Errorf("%v: got %q, want %q", value, got, want)
		}
	}
	if name, err := luaschema.Name(t.Context(), source); err != nil || name != "p" {
		t.Errorf("got the name %q, %v", name, err)
	}
	_, err = luaschema.Load(t.Context(), source, entity.OpenSourcePlugin(), entity.Schemas)
	if err == nil || !strings.Contains(err.Error(), "definition no_consumer_group does not exist") {
		t.Errorf("the open-source gateway takes it: %v", err)
	}
}

// TestTypedef_queue: the records that a gateway's own plugins share are
// required wherever they stand, also in the elements of an array.
func TestTypedef_queue(t *testing.T) {
	t.Parallel()
	p := mustLoad(t, plugin(`{ targets = { type = "array", elements = { type = "record", fields = {
		{ queue = typedefs.queue }, { other = typedefs.queue { required = false } }, { redis = require("kong.tools.redis.schema").config_schema } } } } }`))
	filled, tree := check(t, p, `{"targets":[{}]}`)
	if tree != nil {
		t.Fatal(tree)
	}
	target := filled.(map[string]any)["targets"].([]any)[0].(map[string]any)
	if queue, _ := target["queue"].(map[string]any); queue["max_entries"] != schema.Number("10000") {
		t.Errorf("got the queue %v", target["queue"])
	}
	if redis, _ := target["redis"].(map[string]any); redis["port"] != schema.Number("6379") || target["other"] != nil {
		t.Errorf("got %v", target)
	}
	for config, want := range map[string]string{
		`{"targets":[{"queue":null}]}`:                 "map[targets:[map[queue:required field missing]]]",
		`{"targets":[{"queue":{"max_batch_size":0}}]}`: "map[targets:[map[queue:map[max_batch_size:value should be between 1 and 1000000]]]]",
		`{"targets":[{"other":null,"redis":null}]}`:    "map[targets:[map[redis:required field missing]]]",
	} {
		if _, tree := check(t, p, config); fmt.Sprint(tree) != want {
			t.Errorf("%s: got %v", config, tree)
		}
	}
}

func TestName(t *testing.T) {
	t.Parallel()
	if name, err := luaschema.Name(t.Context(), `return { name = "a-b", nothing = "else" }`); err != nil || name != "a-b" {
		t.Errorf("got %q, %v", name, err)
	}
	for _, source := range []string{"", "return {}", "return { name = 1 }", `return { name = "" }`, "x =", "error()", "while true do end"} {
		if name, err := luaschema.Name(t.Context(), source); err == nil {
			t.Errorf("%q has the name %q", source, name)
		}
	}
}

// FuzzLoad loads arbitrary text and valid schemas with something changed.
func FuzzLoad(f *testing.F) {
	for _, seed := range []string{
		plugin(`{ host = typedefs.host { required = true } }, { n = { type = "integer", between = { 1, 5 }, default = 2 } }`),
		plugin(`{ m = { type = "map", keys = { type = "string" }, values = { type = "record", fields = { { a = typedefs.port } } } } }`),
		plugin(`{ v = { type = "string", custom_validator = function(v) return v:match("^%a+$"), ("%s is bad"):format(v) end } }`),
		`return { name = "x", fields = {}, entity_checks = { { at_least_one_of = { "config.a" } } } }`,
		`local t = setmetatable({}, { __index = function(t, k) return k end }) return { name = t.x, fields = { t } }`,
		`for k, v in pairs(_G) do local ok, r = pcall(v, {}, 1, "x") end return { name = "x" .. 1, fields = {} }`,
	} {
		f.Add(seed)
	}
	parent, refs := entity.OpenSourcePlugin(), entity.Schemas
	f.Fuzz(func(t *testing.T, source string) {
		p, err := luaschema.LoadWithin(t.Context(), source, 200_000, parent, refs)
		if err != nil {
			return
		}
		checkValue(t.Context(), p, map[string]any{})
	})
}
