package luaschema_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luaschema"
)

// remembering are validators that keep what they saw, each in its own way, and
// refuse with it. Each is the beginning of a chunk and a function.
var remembering = map[string][2]string{
	"table":                {`local seen = {}`, `function(v) if seen[1] then return nil, "saw " .. seen[1] end seen[1] = v return true end`},
	"variable":             {`local last`, `function(v) if last then return nil, "saw " .. last end last = v return true end`},
	"variable further out": {`local last local function outer() return function(v) local f = function() if last then return nil, "saw " .. last end last = v return true end return f() end end`, `outer()`},
	"global":               {``, `function(v) if last then return nil, "saw " .. last end last = v return true end`},
	"global function":      {`function remember(v) last = v end`, `function(v) if last then return nil, "saw " .. last end remember(v) return true end`},
	"_G":                   {``, `function(v) if _G.last then return nil, "saw " .. _G.last end _G.last = v return true end`},
	"rawset":               {``, `function(v) if rawget(_G, "x") then return nil, "saw " .. x end rawset(_G, "x", v) return true end`},
	"metatable of globals": {`local hidden = {} setmetatable(_G, { __index = hidden, __newindex = hidden })`, `function(v) if last then return nil, "saw " .. last end last = v return true end`},
	"__newindex":           {`local store = {} local t = setmetatable({}, { __newindex = store })`, `function(v) if store.x then return nil, "saw " .. store.x end t.x = v return true end`},
	"__newindex twice":     {`local store = {} local t = setmetatable({}, { __newindex = setmetatable({}, { __newindex = store }) })`, `function(v) if store.x then return nil, "saw " .. store.x end t.x = v return true end`},
	"__newindex function":  {`local store = {} local t = setmetatable({}, { __newindex = function(_, k, v) rawset(store, k, v) end })`, `function(v) if store.x then return nil, "saw " .. store.x end t.x = v return true end`},
	"setmetatable":         {`local t = {}`, `function(v) if t.x then return nil, "saw " .. t.x end setmetatable(t, { __index = { x = v } }) return true end`},
	"metatable of text":    {``, `function(v) if ("").last then return nil, "saw " .. ("").last end getmetatable("").__index.last = v return true end`},
	"index of text":        {``, `function(v) if ("").last then return nil, "saw " .. ("").last end getmetatable("").__index = setmetatable({ last = v }, { __index = string }) return true end`},
	"library":              {``, `function(v) if string.last then return nil, "saw " .. string.last end string.last = v return true end`},
	"library function":     {``, `function(v) local old = type if type(1) ~= "number" then return nil, type(1) end type = function() return "saw " .. v end return true end`},
	"method":               {`local t = {}`, `function(v) if t.f then return nil, t.f() end function t.f() return "saw " .. v end return true end`},
	"method with self":     {`local t = {}`, `function(v) if t.f then return nil, t:f() end function t:f() return "saw " .. v end return true end`},
	"insert":               {`local t = {}`, `function(v) if t[1] then return nil, "saw " .. t[1] end table.insert(t, v) return true end`},
	"remove":               {`local t = { 1 }`, `function(v) return table.remove(t) ~= nil, "saw something" end`},
	"sort":                 {`local t = { "b", "a" }`, `function(v) local first = t[1] table.sort(t) return first == "b", "saw something" end`},
	"clear":                {`local t = { 1 }`, `function(v) local first = t[1] table.clear(t) return first, "saw something" end`},
	"move":                 {`local t = {}`, `function(v) if t[1] then return nil, "saw " .. t[1] end table.move({ v }, 1, 1, 1, t) return true end`},
	"a value only":         {`local t = { x = 1 }`, `function(v) local n = t.x t.x = 2 return n == 1, "saw something" end`},
	"several at once":      {`local t = {}`, `function(v) if t.x then return nil, "saw " .. t.x end local a a, t.x, t.y = 1, v, 2 return true end`},
	"iterator":             {`local it = ("ab"):gmatch(".")`, `function(v) return it() == "a", "saw something" end`},
	"regex iterator":       {`local it = ngx.re.gmatch("ab", ".")`, `function(v) return it()[0] == "a", "saw something" end`},
	"regex position":       {`local at = { pos = 1 }`, `function(v) return ngx.re.match("ab", "a", "", at), "saw something" end`},
	"coroutine":            {`local co = coroutine.wrap(function(v) local last = v while true do coroutine.yield(last) end end)`, `function(v) local last = co(v) return last == v, "saw " .. last end`},
	"coroutine that waits": {`local co = coroutine.create(function() coroutine.yield() end)`, `function(v) coroutine.resume(co) local ok = coroutine.status(co) coroutine.resume(co) return ok == "suspended" and coroutine.status(co) == "dead" and not done, "saw something" end`},
	"coroutine that ends":  {`local co = coroutine.create(function() end)`, `function(v) return (coroutine.resume(co)), "saw something" end`},
	"buffer":               {`local b = require("string.buffer").new()`, `function(v) if #b > 0 then return nil, "saw " .. b:tostring() end b:put(v) return true end`},
	"buffer emptied":       {`local b = require("string.buffer").new() b:put("x")`, `function(v) return b:get() == "x", "saw something" end`},
	"typedef":              {`local typedefs = require "kong.db.schema.typedefs" local port = typedefs.port`, `function(v) if port.x then return nil, "saw " .. port.x end port.x = v return true end`},
	"new typedef":          {`local typedefs = require "kong.db.schema.typedefs"`, `function(v) if typedefs.host.x then return nil, "saw " .. typedefs.host.x end typedefs.host.x = v return true end`},
	"part of a typedef":    {`local typedefs = require "kong.db.schema.typedefs"`, `function(v) local t = typedefs.protocols.elements if t.x then return nil, "saw " .. t.x end t.x = v return true end`},
	"list of a typedef":    {`local typedefs = require "kong.db.schema.typedefs"`, `function(v) local t = typedefs.protocols.elements.one_of local last = t[#t] table.insert(t, v) return last ~= "first" and last ~= "second", "saw something" end`},
	"typedef asked for":    {`local typedefs = require "kong.db.schema.typedefs"`, `function(v) if rawget(typedefs, "host") then return nil, "saw something" end return typedefs.host end`},
	"metatable of typedef": {`local typedefs = require "kong.db.schema.typedefs"`, `function(v) local m = getmetatable(typedefs.port) if m.x then return nil, "saw " .. m.x end m.x = v return true end`},
	"defined":              {`local t = {}`, `function(v) local m = getmetatable(t) require("kong.db.schema").define(t) return m == nil, "saw something" end`},
	"module":               {``, `function(v) local m = require "cjson" if m.x then return nil, "saw " .. m.x end m.x = v return true end`},
	"module by a name":     {``, `function(v) local m = require("cj" .. "son") if m.x then return nil, "saw " .. m.x end m.x = v return true end`},
	"new module":           {``, `function(v) local f = require("cj" .. "son").null if f ~= ngx.null then return nil, "saw something" end require("cj" .. "son").null = v return true end`},
	"hidden and restored":  {`local seen = {}`, `function(v) if seen.x then return nil, "saw " .. seen.x end local t = seen seen = {} t.x = v seen = t return true end`},
	"hidden global":        {`seen = {}`, `function(v) if seen.x then return nil, "saw " .. seen.x end local t = seen seen = {} t.x = v seen = t return true end`},
	"in a table of tables": {`local t = { a = { b = { {} } } }`, `function(v) local x = t.a.b[1] if x.v then return nil, "saw " .. x.v end x.v = v return true end`},
	"key of a table":       {`local key = {} local t = { [key] = true }`, `function(v) local k = next(t) if k.v then return nil, "saw " .. k.v end k.v = v return true end`},
	"metatable's table":    {`local t = setmetatable({}, { __index = { x = {} } })`, `function(v) if t.x.v then return nil, "saw " .. t.x.v end t.x.v = v return true end`},
	"order of keys":        {`local t = { a = 1 }`, `function(v) if v == "first" then t.q = 1 t.q = nil end t.p = 1 t.q = 1 local list = {} for k in pairs(t) do list[#list + 1] = k end t.p, t.q = nil, nil return list[2] == (v == "first" and "q" or "p"), "saw something" end`},
	"name of a table":      {`local a, b = {}, {}`, `function(v) local first = v == "first" and a or b return tostring(first):sub(-1) == "1", "saw something" end`},
	"steps":                {``, `function(v) if os.clock() > 0.00005 then return nil, "saw something" end for i = 1, 100 do end return true end`},
	"after an error":       {`local seen = {}`, `function(v) if seen.x then return nil, "saw " .. seen.x end seen.x = v pcall(error, v) return true end`},
	"schema itself":        {`s = {}`, `function(v) if s.self.x then return nil, "saw " .. s.self.x end s.self.x = v return true end`},
	"cached function":      {`local cache = setmetatable({}, { __mode = "k" })`, `function(v) if next(cache) then return nil, "saw something" end cache[{}] = v return true end`},
	"list iterator":        {`local it = require("pl.List")({ "a", "b" }):iter()`, `function(v) return it() == "a", "saw something" end`},
	"lines iterator":       {`local it = require("pl.stringx").lines("a\nb")`, `function(v) return it() == "a", "saw something" end`},
	"memoized":             {`local n = 0 local f = require("pl.utils").memoize(function(v) n = n + 1 return n end)`, `function(v) return f(v) == 1, "saw something" end`},
	"list":                 {`local l = require("pl.List")()`, `function(v) l:append(v) return #l == 1, "saw " .. l[1] end`},
	"class of a module":    {``, `function(v) local List = require "pl.List" if List.x then return nil, "saw " .. List.x end List.x = v return true end`},
	"json's mark":          {``, `function(v) local c = require "cjson" if c.empty_array.x then return nil, "saw " .. c.empty_array.x end c.empty_array.x = v return true end`},
	"zone":                 {``, `function(v) local zone = ngx.shared.kong if zone.x then return nil, "saw " .. zone.x end zone.x = v return true end`},
	"uuid":                 {`local uuid = require("kong.tools.uuid").uuid`, `function(v) return uuid() ~= uuid(), "no chance" end`},
	"tablex":               {`local t = {}`, `function(v) if t.x then return nil, "saw " .. t.x end require("pl.tablex").update(t, { x = v }) return true end`},
}

// TestFunction_remembers validates several values under one schema: none may
// tell of another one, whichever comes first.
func TestFunction_remembers(t *testing.T) {
	t.Parallel()
	for name, code := range remembering {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := mustLoad(t, code[0]+`
local schema = { name = "p", fields = { { config = { type = "record", fields = { { v = { type = "string", custom_validator = `+code[1]+` } } } } } } }
if s then s.self = schema end
return schema`)
			for _, value := range []string{"first", "second", "first", "third"} {
				if _, tree := checkValue(t.Context(), p, map[string]any{"v": value}); tree != nil {
					t.Errorf("%s: %v", value, tree)
				}
			}
		})
	}
}

// TestFunction_random: a verdict by chance is the same each time, also after
// loading anew.
func TestFunction_random(t *testing.T) {
	t.Parallel()
	const source = `{ v = { type = "string", custom_validator = function() return nil, math.random(1e9) .. " " .. math.random(1e9) .. " " .. tostring({}) end } }`
	_, first := check(t, mustLoad(t, plugin(source)), `{"v":"x"}`)
	p := mustLoad(t, plugin(source))
	for range 3 {
		_, again := check(t, p, `{"v":"x"}`)
		if diff := cmp.Diff(first, again); diff != "" {
			t.Error(diff)
		}
	}
}

// TestLoad_order: a chunk finds its libraries in one order.
func TestLoad_order(t *testing.T) {
	t.Parallel()
	const source = `local text = {}
local function add(t) for key in pairs(t) do text[#text + 1] = tostring(key) end end
for _, library in ipairs { _G, string, table, math, os, ngx, ngx.shared, jit, os.date("*t"), require "socket.url".parse("http://u:p@h:1/p?q#f"),
	ngx.re.match("abc", "(?<x>a)(?<y>b)(?<z>c)"), require "kong.db.schema.typedefs".port, require "cjson".decode('{"d":1,"a":2,"c":3,"b":4}') } do add(library) end
return { name = table.concat(text, " ") }`
	first, err := luaschema.Name(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		again, err := luaschema.Name(t.Context(), source)
		if err != nil || again != first {
			t.Fatalf("%v\n%s\n%s", err, first, again)
		}
	}
}

// TestFunction_order: pairs goes through a value in one order.
func TestFunction_order(t *testing.T) {
	t.Parallel()
	p := mustLoad(t, plugin(`{ v = { type = "map", keys = { type = "string" }, values = { type = "string", len_min = 0 }, custom_validator = function(v)
		local keys = {} for key in pairs(v) do keys[#keys + 1] = key end return nil, table.concat(keys) end } }`))
	for range 20 {
		if _, tree := check(t, p, `{"v":{"d":"","b":"","a":"","c":"","e":""}}`); tree.(map[string]any)["v"] != "abcde" {
			t.Fatal(tree)
		}
	}
}
