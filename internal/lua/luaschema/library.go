package luaschema

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luasyntax"
)

// functions is a library: functions by name.
type functions map[string]lua.LGFunction

// global is a variable that every schema has.
type global struct {
	name string
	open func(*sandbox) lua.LValue
}

// globals are all of them, in the order in which pairs shows them. They are set by init,
// since require leads back to them.
var globals []global

func init() {
	globals = append(baseFunctions(), []global{
		{"_G", func(s *sandbox) lua.LValue { return s.l.G.Global }},
		{"_VERSION", func(*sandbox) lua.LValue { return lua.LString("Lua 5.1") }},
		{"string", func(s *sandbox) lua.LValue { return s.stringLibrary }},
		{"table", func(s *sandbox) lua.LValue { return s.library(s.tableFunctions()) }},
		{"math", (*sandbox).mathLibrary},
		{"os", func(s *sandbox) lua.LValue { return s.library(s.osFunctions()) }},
		{"io", func(s *sandbox) lua.LValue { return s.library(functions{"type": ioType}) }},
		{"bit", func(s *sandbox) lua.LValue { return s.library(bitFunctions) }},
		{"coroutine", func(s *sandbox) lua.LValue { return s.library(s.coroutineFunctions()) }},
		{"jit", (*sandbox).jitLibrary},
		{"ngx", (*sandbox).ngxLibrary},
	}...)
}

// globalSet is a set of globals, one bit for each.
type globalSet uint64

// everyGlobal is the set of them all.
const everyGlobal = ^globalSet(0)

// setOf returns the set of the globals with certain names.
func setOf(named func(name string) bool) globalSet {
	var set globalSet
	for i, g := range globals {
		if named(g.name) {
			set |= 1 << i
		}
	}
	return set
}

// globalsOf are the globals that a source can get at: those that it names, or all of them
// if it names the table of them. The modules that it requires may open more.
func globalsOf(chunk *luasyntax.Chunk) globalSet {
	if chunk.Variables["_G"] {
		return everyGlobal
	}
	return setOf(func(name string) bool { return chunk.Variables[name] })
}

// openEverything makes all globals, whatever the source names.
func (s *sandbox) openEverything() {
	s.completeNgx()
	s.openGlobals(everyGlobal)
}

// openStrings makes the library that every text leads to.
func (s *sandbox) openStrings() {
	s.stringLibrary = s.library(s.stringFunctions())
	meta := s.l.CreateTable(0, 1)
	meta.RawSetString("__index", s.stringLibrary)
	s.l.SetMetatable(lua.LString(""), meta)
}

// openGlobals makes the globals of a set, unless they are there already. They are most of
// a state, and a schema uses few.
func (s *sandbox) openGlobals(set globalSet) {
	for i, g := range globals {
		if bit := globalSet(1) << i; set&^s.opened&bit != 0 {
			s.opened |= bit
			s.l.G.Global.RawSetString(g.name, g.open(s))
		}
	}
}

// native makes a global of a function.
func native(f lua.LGFunction) func(*sandbox) lua.LValue {
	return func(s *sandbox) lua.LValue { return s.l.NewFunction(f) }
}

// bound makes a global of a function that needs its sandbox.
func bound(f func(*sandbox, *lua.LState) int) func(*sandbox) lua.LValue {
	return func(s *sandbox) lua.LValue {
		return s.l.NewFunction(func(l *lua.LState) int { return f(s, l) })
	}
}

func (s *sandbox) fill(table *lua.LTable, list functions) {
	for _, name := range slices.Sorted(maps.Keys(list)) { // pairs shows this order
		table.RawSetString(name, s.l.NewFunction(list[name]))
	}
}

func (s *sandbox) library(list functions) *lua.LTable {
	t := s.l.CreateTable(0, len(list))
	s.fill(t, list)
	return t
}

// ioType reports that its argument is no file: there are no files.
func ioType(l *lua.LState) int {
	l.Push(lua.LNil)
	return 1
}

func (s *sandbox) jitLibrary() lua.LValue {
	t := s.l.CreateTable(0, 4)
	t.RawSetString("os", lua.LString("Linux"))
	t.RawSetString("arch", lua.LString("x64"))
	t.RawSetString("version", lua.LString("LuaJIT 2.1"))
	t.RawSetString("version_num", lua.LNumber(20100))
	return t
}

// typeName is the name of a value's type, as type() gives it.
func typeName(v lua.LValue) string { return v.Type().String() }

// arguments reads a library function's arguments. An argument of the wrong kind
// raises Lua's error.
type arguments struct {
	l        *lua.LState
	function string
}

func (a arguments) fail(n int, format string, args ...any) {
	a.l.RaiseError("bad argument #%d to '%s' (%s)", n, a.function, fmt.Sprintf(format, args...))
}

func (a arguments) wrongType(n int, want string) {
	got := "no value"
	if n <= a.l.GetTop() {
		got = typeName(a.l.Get(n))
	}
	a.fail(n, "%s expected, got %s", want, got)
}

func (a arguments) any(n int) lua.LValue {
	if n > a.l.GetTop() {
		a.fail(n, "value expected")
	}
	return a.l.Get(n)
}

func (a arguments) str(n int) string {
	text, ok := concatText(a.l.Get(n))
	if !ok {
		a.wrongType(n, "string")
	}
	return text
}

func (a arguments) optStr(n int, otherwise string) string {
	if a.l.Get(n) == lua.LNil {
		return otherwise
	}
	return a.str(n)
}

func (a arguments) number(n int) float64 {
	v, ok := toNumber(a.l.Get(n))
	if !ok {
		a.wrongType(n, "number")
	}
	return v
}

func (a arguments) optNumber(n int, otherwise float64) float64 {
	if a.l.Get(n) == lua.LNil {
		return otherwise
	}
	return a.number(n)
}

// integer reads a number as an index or a size.
func (a arguments) integer(n int) int { return toInt(a.number(n)) }

func (a arguments) optInteger(n, otherwise int) int {
	if a.l.Get(n) == lua.LNil {
		return otherwise
	}
	return a.integer(n)
}

func (a arguments) table(n int) *lua.LTable {
	t, ok := a.l.Get(n).(*lua.LTable)
	if !ok {
		a.wrongType(n, "table")
	}
	return t
}

func (a arguments) fn(n int) *lua.LFunction {
	f, ok := a.l.Get(n).(*lua.LFunction)
	if !ok {
		a.wrongType(n, "function")
	}
	return f
}

// toInt cuts a number to an int that leaves room for additions, on machines of 32
// bits too.
func toInt(f float64) int { return int(clipped(f, min(whole, math.MaxInt/2))) }

// whole is the largest number up to which a Lua number is exact.
const whole = 1 << 53

// clipped cuts a number to a whole one within a limit.
func clipped(f float64, limit int64) int64 {
	switch {
	case f != f:
		return 0
	case f > float64(limit):
		return limit
	case f < -float64(limit):
		return -limit
	}
	return int64(f)
}

// toNumber reads a number or a text that looks like one.
func toNumber(v lua.LValue) (float64, bool) {
	switch v := v.(type) {
	case lua.LNumber:
		return float64(v), true
	case lua.LString:
		return textNumber(string(v))
	}
	return 0, false
}

func textNumber(text string) (float64, bool) {
	text = strings.Trim(text, " \t\n\v\f\r")
	unsigned := strings.TrimPrefix(text, "-")
	n, ok := luasyntax.ParseNumber(unsigned)
	if unsigned != text {
		n = -n
	}
	return n, ok
}
