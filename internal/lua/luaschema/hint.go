package luaschema

import (
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// hint explains a frequent mistake: code that works in a gateway's own file
// system and not in an uploaded schema.
func hint(message string) string {
	if _, rest, ok := strings.Cut(message, "module '"); ok {
		if module, ok := strings.CutSuffix(rest, "' not found:"); ok {
			return ModuleHint(module)
		}
	}
	if _, rest, ok := strings.Cut(message, "schema typedef error: definition "); ok {
		return typedefHint(strings.TrimSuffix(rest, " does not exist"))
	}
	if strings.Contains(message, "a userdata value") {
		return "a value that is null is ngx.null, not nil: compare with ngx.null first"
	}
	for _, h := range hintsForNames {
		for _, name := range strings.Fields(h.names) {
			if strings.Contains(message, " '"+name+"'") || strings.Contains(message, " '"+name+".") {
				return h.text
			}
		}
	}
	return ""
}

// syntaxHint explains syntax of other languages.
func syntaxHint(message string) string {
	for mark, text := range map[string]string{
		"!": "Lua writes not x for !x, and x ~= y for x != y",
		"&": "Lua writes x and y for x && y",
		"|": "Lua writes x or y for x || y",
		"[": "lists are written with braces: { x, y }",
		"?": "Lua writes x and y or z for x ? y : z",
	} {
		if strings.HasSuffix(message, " near '"+mark+"'") {
			return text
		}
	}
	return ""
}

// hintsForNames explain globals that a gateway has and a schema has not.
var hintsForNames = []struct{ names, text string }{
	{"kong", "there is no kong where an uploaded schema runs: write logs and look up entities in handler.lua"},
	{"ngx", "where an uploaded schema runs there is no request: of ngx it has null, re, time, encode_base64 and the like"},
	{"load loadstring", "a schema cannot compile Lua; typedefs.lua_code is a map whose values must be Lua"},
	{"os io dofile loadfile", "a schema runs by itself, without files and environment"},
	{"debug setfenv getfenv module package", "a schema runs by itself, where this part of Lua is not there"},
}

// ModuleHint says what to do instead of requiring a module that no schema can
// have.
func ModuleHint(module string) string {
	switch {
	case module == "ngx" || module == "kong":
		return module + " is a global, not a module: leave the require out" + map[string]string{"kong": ". Where an uploaded schema runs it is not there: write logs and look up entities in handler.lua"}[module]
	case slices.Contains(refused, module):
		return "a schema cannot run code from a configuration; typedefs.lua_code is a map whose values must be Lua"
	case strings.HasPrefix(module, "kong.dao."):
		return `this module is from before Kong 1.0: a check that fails returns nil and its message, return nil, "..."`
	case strings.HasPrefix(module, "kong.plugins."):
		return "an uploaded schema stands alone: copy what it needs of this module into schema.lua, or do what needs it in handler.lua"
	}
	return "an uploaded schema stands alone, it can require kong.db.schema.typedefs and few others: do what needs this module in handler.lua"
}

func typedefHint(name string) string {
	if strings.HasPrefix(name, "run_on") {
		return "plugins have no run_on since Kong 2: leave the field out"
	}
	if near := schema.Nearest(name, schema.TypedefNames()); near != "" {
		return "did you mean typedefs." + near + "?"
	}
	return "the typedefs are: " + strings.Join(schema.TypedefNames(), ", ")
}
