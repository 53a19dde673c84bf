package luaschema

import (
	"context"
	"maps"
	"slices"
	"sync"

	lua "github.com/yuin/gopher-lua"

	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luasyntax"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// luaCodeFunction is the only function of a typedef that needs a Lua compiler.
var luaCodeFunction = &schema.Function{
	Name: "typedefs.lua_code.values.custom_validator",
	Check: func(value any) any {
		source, ok := value.(string)
		if !ok {
			return "expected a string"
		}
		if err := CheckLua("code", source); err != nil {
			return "Error parsing function: " + err.Error()
		}
		return nil
	},
}

// CheckLua reports whether a text is Lua, without running it. The name stands
// for the text in the message.
func CheckLua(name, source string) error {
	_, err := luasyntax.Parse(name, source)
	return err
}

// typedef returns a typedef's definition. Two of them are defined here:
// lua_code needs a Lua compiler, and no_consumer_group depends on whether there
// are groups.
func (s *sandbox) typedef(name string) (schema.Def, bool) {
	switch {
	case name == "lua_code":
		return schema.Def{
			"type":        "map",
			"description": "Lua code for each of some names.",
			"keys":        schema.Def{"type": "string", "len_min": schema.Number("1")},
			"values":      schema.Def{"type": "string", "len_min": schema.Number("1"), "custom_validator": luaCodeFunction},
		}, true
	case name == "no_consumer_group" && s.consumerGroups:
		return schema.Def{
			"type": "foreign", "reference": "consumer_groups", "eq": nil,
			"description": "The plugin cannot be applied to a consumer group.",
		}, true
	}
	return schema.Typedef(name)
}

// ordered is a map in the order of its keys, in which a table gets them.
type ordered []entry

type entry struct {
	key   string
	value any
}

// inOrder replaces all maps in a value.
func inOrder(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(ordered, 0, len(v))
		for _, key := range slices.Sorted(maps.Keys(v)) {
			out = append(out, entry{key, inOrder(v[key])})
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = inOrder(e)
		}
		return out
	}
	return v
}

type typedefName struct {
	name           string
	consumerGroups bool
}

// orderedTypedefs are typedefs by their typedefName. States build tables of
// them and change nothing in them.
var orderedTypedefs sync.Map

// orderedTypedef is typedef in the form that is lifted often.
func (s *sandbox) orderedTypedef(name string) (any, bool) {
	key := typedefName{name, s.consumerGroups}
	if made, ok := orderedTypedefs.Load(key); ok {
		return made, true
	}
	def, ok := s.typedef(name)
	if !ok {
		return nil, false
	}
	made := inOrder(def)
	orderedTypedefs.Store(key, made)
	return made, true
}

// typedefsModule makes each typedef at its first use.
func (s *sandbox) typedefsModule() lua.LValue {
	module, meta := s.l.CreateTable(0, 8), s.l.CreateTable(0, 1)
	meta.RawSetString("__index", s.l.NewFunction(func(l *lua.LState) int {
		name := s.text(l, l.Get(2))
		def, ok := s.orderedTypedef(name)
		if !ok {
			l.RaiseError("schema typedef error: definition %s does not exist", name)
		}
		s.take(l, firstKey)
		s.touch(module)
		made := s.callable(s.lift(def).(*lua.LTable))
		module.RawSetString(name, made)
		l.Push(made)
		return 1
	}))
	module.Metatable = meta
	return module
}

// callable makes a definition that can be called to fill in another one.
func (s *sandbox) callable(def *lua.LTable) *lua.LTable {
	s.touch(def)
	def.Metatable = s.callableMeta()
	return def
}

// callableMeta is the metatable of all definitions that can be called.
func (s *sandbox) callableMeta() *lua.LTable {
	meta, ok := s.loaded["\x00define"].(*lua.LTable)
	if !ok {
		meta = s.l.CreateTable(0, 1)
		meta.RawSetString("__call", s.l.NewFunction(s.fillDefinition))
		s.loaded["\x00define"] = meta
	}
	return meta
}

// fillDefinition adds to its second argument the attributes that only the first
// one has.
func (s *sandbox) fillDefinition(l *lua.LState) int {
	def, ok := l.Get(1).(*lua.LTable)
	if !ok {
		l.RaiseError("attempt to call a %s value", typeName(l.Get(1)))
	}
	own, ok := l.Get(2).(*lua.LTable)
	if !ok {
		if l.Get(2) != lua.LNil {
			l.RaiseError("bad argument #1 to a typedef (table expected, got %s)", typeName(l.Get(2)))
		}
		own = s.newTable(l)
	}
	for key, value := def.Next(lua.LNil); key != lua.LNil; key, value = def.Next(key) {
		if own.RawGet(key) == lua.LNil {
			s.store(l, own, key, value)
		}
	}
	l.Push(own)
	return 1
}

// schemaModule is what schemas use of the engine itself.
func (s *sandbox) schemaModule() lua.LValue {
	module := s.library(functions{"define": s.define})
	module.RawSetString("validators", s.library(functions{"is_regex": validateRegex, "uuid": validateUUID}))
	return module
}

func (s *sandbox) define(l *lua.LState) int {
	l.Push(s.callable(arguments{l, "define"}.table(1)))
	return 1
}

func validateRegex(l *lua.LState) int {
	if err := schema.CompileRegex(arguments{l, "is_regex"}.str(1)); err != nil {
		l.Push(lua.LNil)
		l.Push(lua.LString("not a valid regex: " + l.ToString(1)))
		return 2
	}
	l.Push(lua.LTrue)
	return 1
}

func validateUUID(l *lua.LState) int {
	l.Push(lua.LBool(uuids.Validate(context.Background(), map[string]any{"v": arguments{l, "uuid"}.str(1)}, schema.Insert) == nil))
	return 1
}

// uuids judges a UUID by the engine's own rule.
var uuids = schema.MustCompile(schema.Def{"name": "uuid", "fields": []any{schema.Def{"v": schema.Def{"type": "string", "uuid": true}}}}, nil)

func (s *sandbox) redisModule() lua.LValue {
	module := s.l.CreateTable(0, 1)
	module.RawSetString("config_schema", s.lift(schema.RedisDef()))
	return module
}

func (s *sandbox) queueModule() lua.LValue {
	def, _ := schema.Typedef("queue")
	return s.callable(s.lift(def).(*lua.LTable))
}

func (s *sandbox) httpModule() lua.LValue {
	def, _ := schema.Typedef("header_name")
	check := def["custom_validator"].(*schema.Function)
	return s.library(functions{
		// a good name is itself the result
		"validate_header_name": func(l *lua.LState) int {
			name := arguments{l, "validate_header_name"}.str(1)
			if message := check.Check(name); message != nil {
				l.Push(lua.LNil)
				l.Push(s.lift(message))
				return 2
			}
			l.Push(lua.LString(name))
			return 1
		},
	})
}

func (s *sandbox) kongTableModule() lua.LValue {
	return s.library(functions{
		"table_contains":        s.tableContains,
		"shallow_copy":          s.tableClone,
		"deep_copy":             s.tablexDeepCopy,
		"cycle_aware_deep_copy": s.tablexDeepCopy,
		"table_merge":           s.tableMerge,
		"concat":                s.tableJoin,
		"is_array":              tableIsArray,
	})
}

// uriModule is what schemas use to compare paths.
func (s *sandbox) uriModule() lua.LValue {
	return s.library(functions{
		"escape": s.escapeURI, "unescape": s.unescapeURI,
		"normalize": func(l *lua.LState) int {
			path := arguments{l, "normalize"}.str(1)
			s.take(l, 4*len(path)+arraySlot)
			s.work(l, len(path))
			return pushText(l, schema.NormalPath(path, lua.LVAsBool(l.Get(2))))
		},
	})
}

func (s *sandbox) tableContains(l *lua.LState) int {
	a := arguments{l, "table_contains"}
	table, ok := l.Get(1).(*lua.LTable)
	wanted := a.any(2)
	found := false
	if ok {
		for key, value := table.Next(lua.LNil); key != lua.LNil && !found; key, value = table.Next(key) {
			s.work(l, 1)
			found = l.RawEqual(value, wanted)
		}
	}
	l.Push(lua.LBool(found))
	return 1
}

// tableMerge makes a table of two, of which the second wins.
func (s *sandbox) tableMerge(l *lua.LState) int {
	merged := s.newTable(l)
	for i := 1; i <= 2; i++ {
		table, ok := l.Get(i).(*lua.LTable)
		if !ok {
			continue
		}
		for key, value := table.Next(lua.LNil); key != lua.LNil; key, value = table.Next(key) {
			s.work(l, 1)
			s.store(l, merged, key, value)
		}
	}
	l.Push(merged)
	return 1
}

// tableJoin makes a list of lists.
func (s *sandbox) tableJoin(l *lua.LState) int {
	joined := s.newTable(l)
	for i := 1; i <= l.GetTop(); i++ {
		list := arguments{l, "concat"}.table(i)
		for j := 1; j <= list.Len(); j++ {
			s.work(l, 1)
			s.store(l, joined, lua.LNumber(joined.Len()+1), list.RawGetInt(j))
		}
	}
	l.Push(joined)
	return 1
}
