package luaschema

import (
	"sort"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// modules are all that require can find: nothing comes from files.
func modules() map[string]func(s *sandbox) lua.LValue {
	return map[string]func(s *sandbox) lua.LValue{
		"kong.db.schema.typedefs": (*sandbox).typedefsModule,
		"kong.db.schema":          (*sandbox).schemaModule,
		"kong.tools.redis.schema": (*sandbox).redisModule,
		"kong.tools.queue_schema": (*sandbox).queueModule,
		"kong.tools.http":         (*sandbox).httpModule,
		"kong.tools.table":        (*sandbox).kongTableModule,
		"kong.tools.uri":          (*sandbox).uriModule,
		"ngx.re":                  (*sandbox).ngxReModule,
		"cjson":                   (*sandbox).cjsonModule,
		"cjson.safe":              (*sandbox).cjsonSafeModule,
		"pl.tablex":               (*sandbox).tablexModule,
		"pl.template":             (*sandbox).templateModule,
		"socket.url":              (*sandbox).urlModule,
		"string.buffer":           (*sandbox).bufferModule,
		"bit":                     globalModule("bit"),
		"string":                  globalModule("string"),
		"table":                   globalModule("table"),
		"math":                    globalModule("math"),
		"os":                      globalModule("os"),
		"coroutine":               globalModule("coroutine"),
		"table.clear":             tableFunction("clear"),
		"table.clone":             tableFunction("clone"),
		"table.isarray":           tableFunction("isarray"),
		"table.isempty":           tableFunction("isempty"),
		"table.new":               tableFunction("new"),
		"table.nkeys":             tableFunction("nkeys"),
	}
}

// Modules returns the names of the modules that a schema can require, sorted.
func Modules() []string {
	var names []string
	for name := range modules() {
		names = append(names, name)
	}
	names = append(names, luaModuleNames...)
	sort.Strings(names)
	return names
}

// globalModule makes a module of a library that is a global as well.
func globalModule(name string) func(s *sandbox) lua.LValue {
	return func(s *sandbox) lua.LValue {
		s.openGlobals(setOf(func(global string) bool { return global == name }))
		return s.l.G.Global.RawGetString(name)
	}
}

// tableFunction makes a module of a function of table.
func tableFunction(name string) func(s *sandbox) lua.LValue {
	return func(s *sandbox) lua.LValue { return s.l.NewFunction(s.tableFunctions()[name]) }
}

// require returns a module, always the same for one name.
func (s *sandbox) require(l *lua.LState) int {
	name := arguments{l, "require"}.str(1)
	value, ok := s.open(l, name)
	if !ok {
		l.RaiseError("module '%s' not found:", name)
	}
	l.Push(value)
	return 1
}

// open returns the module of a name, and makes it at the first call.
func (s *sandbox) open(l *lua.LState, name string) (lua.LValue, bool) {
	if value, ok := s.loaded[name]; ok && !strings.HasPrefix(name, "\x00") {
		return value, true
	}
	if native := modules()[name]; native != nil {
		s.loaded[name] = native(s)
	} else if proto := luaModule(name); proto != nil {
		s.loaded[name] = s.runModule(l, proto)
	} else {
		return nil, false
	}
	s.touchOld(true)
	return s.loaded[name], true
}
