package luaschema

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// baseFunctions are the globals that are functions.
func baseFunctions() []global {
	return []global{
		{"assert", native(baseAssert)}, {"collectgarbage", native(baseCollectGarbage)}, {"error", bound((*sandbox).baseError)},
		{"getmetatable", native(baseGetMetatable)}, {"ipairs", bound((*sandbox).baseIpairs)}, {"next", native(baseNext)},
		{"pairs", bound((*sandbox).basePairs)}, {"pcall", bound((*sandbox).basePcall)}, {"print", native(basePrint)},
		{"rawequal", native(baseRawEqual)}, {"rawget", native(baseRawGet)}, {"rawlen", native(baseRawLen)},
		{"rawset", bound((*sandbox).baseRawSet)}, {"require", bound((*sandbox).require)}, {"select", native(baseSelect)},
		{"setmetatable", bound((*sandbox).baseSetMetatable)}, {"tonumber", native(baseToNumber)},
		{"tostring", bound((*sandbox).baseToString)}, {"type", native(baseType)}, {"unpack", bound((*sandbox).baseUnpack)},
		{"xpcall", bound((*sandbox).baseXpcall)},
	}
}

func baseAssert(l *lua.LState) int {
	a := arguments{l, "assert"}
	if lua.LVAsBool(a.any(1)) {
		return l.GetTop()
	}
	if l.GetTop() < 2 {
		l.Error(lua.LString("assertion failed!"), 0)
	}
	l.Error(l.Get(2), 0)
	return 0
}

// baseCollectGarbage is for code that wants to know how much it uses.
func baseCollectGarbage(l *lua.LState) int {
	l.Push(lua.LNumber(0))
	return 1
}

// basePrint prints nothing: a schema has no output.
func basePrint(*lua.LState) int { return 0 }

func (s *sandbox) baseError(l *lua.LState) int {
	value := l.Get(1)
	text, ok := value.(lua.LString)
	level := arguments{l, "error"}.optInteger(2, 1)
	if ok && level > 0 {
		s.take(l, len(text))
		value = lua.LString(position(l, level)) + text
	}
	l.Error(value, 0)
	return 0
}

// position is "source:line: " of the function at a level; level 1 is the
// caller.
func position(l *lua.LState, level int) string {
	const deepest = 1000
	if level > deepest {
		return ""
	}
	frame, ok := l.GetStack(level)
	if !ok {
		return ""
	}
	if _, err := l.GetInfo("Sl", frame, lua.LNil); err != nil || frame.CurrentLine <= 0 {
		return ""
	}
	return frame.Source + ":" + strconv.Itoa(frame.CurrentLine) + ": "
}

func baseGetMetatable(l *lua.LState) int {
	l.Push(l.GetMetatable(arguments{l, "getmetatable"}.any(1)))
	return 1
}

func (s *sandbox) baseSetMetatable(l *lua.LState) int {
	a := arguments{l, "setmetatable"}
	table := a.table(1)
	meta := a.any(2)
	if meta != lua.LNil {
		a.table(2)
	}
	if current, ok := table.Metatable.(*lua.LTable); ok && current.RawGetString("__metatable") != lua.LNil {
		l.RaiseError("cannot change a protected metatable")
	}
	s.touch(table)
	table.Metatable = meta
	l.SetTop(1)
	return 1
}

func (s *sandbox) baseIpairs(l *lua.LState) int {
	table := arguments{l, "ipairs"}.table(1)
	l.Push(s.native("ipairs iterator", ipairsNext))
	l.Push(table)
	l.Push(lua.LNumber(0))
	return 3
}

func ipairsNext(l *lua.LState) int {
	i := l.Get(2).(lua.LNumber) + 1
	v := l.GetTable(l.Get(1), i)
	if v == lua.LNil {
		l.Push(lua.LNil)
		return 1
	}
	l.Push(i)
	l.Push(v)
	return 2
}

// native returns a helper function, which each state makes once.
func (s *sandbox) native(name string, f lua.LGFunction) lua.LValue {
	made, ok := s.loaded["\x00"+name]
	if !ok {
		made = s.l.NewFunction(f)
		s.loaded["\x00"+name] = made
	}
	return made
}

func baseNext(l *lua.LState) int {
	table := arguments{l, "next"}.table(1)
	key, value := table.Next(l.Get(2))
	l.Push(key)
	if key == lua.LNil {
		return 1
	}
	l.Push(value)
	return 2
}

func (s *sandbox) basePairs(l *lua.LState) int {
	a := arguments{l, "pairs"}
	if op := l.GetMetaField(a.any(1), "__pairs"); op != lua.LNil {
		l.Push(op)
		l.Push(l.Get(1))
		l.Call(1, 3)
		return 3
	}
	table := a.table(1)
	l.Push(s.native("next", baseNext))
	l.Push(table)
	l.Push(lua.LNil)
	return 3
}

func baseRawEqual(l *lua.LState) int {
	l.Push(lua.LBool(l.RawEqual(l.Get(1), l.Get(2))))
	return 1
}

func baseRawGet(l *lua.LState) int {
	l.Push(arguments{l, "rawget"}.table(1).RawGet(l.Get(2)))
	return 1
}

func baseRawLen(l *lua.LState) int {
	switch v := l.Get(1).(type) {
	case *lua.LTable:
		l.Push(lua.LNumber(v.Len()))
	case lua.LString:
		l.Push(lua.LNumber(len(v)))
	default:
		l.RaiseError("table or string expected")
	}
	return 1
}

func (s *sandbox) baseRawSet(l *lua.LState) int {
	s.store(l, arguments{l, "rawset"}.table(1), l.Get(2), l.Get(3))
	l.SetTop(1)
	return 1
}

func baseSelect(l *lua.LState) int {
	if l.Get(1) == lua.LString("#") {
		l.Push(lua.LNumber(l.GetTop() - 1))
		return 1
	}
	a := arguments{l, "select"}
	n := a.integer(1)
	if n < 0 {
		n += l.GetTop()
	}
	if n < 1 {
		a.fail(1, "index out of range")
	}
	return max(0, l.GetTop()-n)
}

func baseToNumber(l *lua.LState) int {
	a := arguments{l, "tonumber"}
	base := a.optInteger(2, 10)
	if base == 10 {
		if n, ok := toNumber(a.any(1)); ok {
			l.Push(lua.LNumber(n))
		} else {
			l.Push(lua.LNil)
		}
		return 1
	}
	if base < 2 || base > 36 {
		a.fail(2, "base out of range")
	}
	text := strings.Trim(a.str(1), " \t\n\v\f\r")
	unsigned := strings.TrimPrefix(text, "-")
	if base == 16 && len(unsigned) > 2 && unsigned[0] == '0' && unsigned[1]|0x20 == 'x' {
		unsigned = unsigned[2:]
	}
	n, err := strconv.ParseUint(unsigned, base, 64)
	if err != nil || strings.ContainsAny(unsigned, "+-_") {
		l.Push(lua.LNil)
		return 1
	}
	sign := 1.0
	if strings.HasPrefix(text, "-") {
		sign = -1
	}
	l.Push(lua.LNumber(math.Copysign(float64(n), sign)))
	return 1
}

func (s *sandbox) baseToString(l *lua.LState) int {
	text := s.text(l, arguments{l, "tostring"}.any(1))
	s.take(l, len(text)+arraySlot)
	l.Push(lua.LString(text))
	return 1
}

// text returns what tostring returns.
func (s *sandbox) text(l *lua.LState, v lua.LValue) string {
	if op := l.GetMetaField(v, "__tostring"); op != lua.LNil {
		text, ok := concatText(s.invoke(l, op, v))
		if !ok {
			l.RaiseError("'tostring' must return a string to 'tostring'")
		}
		return text
	}
	if text, ok := concatText(v); ok {
		return text
	}
	if v == lua.LValue(s.null) {
		return "userdata: NULL"
	}
	switch v.(type) {
	case *lua.LNilType, lua.LBool:
		return v.String()
	}
	return s.name(l, v)
}

// name stands for a value that has no text: its type and a number. The number
// is no address, so that a schema always sees the same one.
func (s *sandbox) name(l *lua.LState, v lua.LValue) string {
	number, ok := s.names[v]
	if !ok {
		s.take(l, anotherKey)
		if s.names == nil {
			s.names = map[lua.LValue]int{}
		}
		number = len(s.names) + 1
		s.names[v] = number
	}
	return fmt.Sprintf("%s: 0x%08x", typeName(v), number)
}

func baseType(l *lua.LState) int {
	l.Push(lua.LString(typeName(arguments{l, "type"}.any(1))))
	return 1
}

func (s *sandbox) baseUnpack(l *lua.LState) int {
	a := arguments{l, "unpack"}
	table := a.table(1)
	from := a.optInteger(2, 1)
	to := a.optInteger(3, table.Len())
	if from > to {
		return 0
	}
	if to-from >= MaxValues/16 {
		l.RaiseError("too many results to unpack")
	}
	s.work(l, to-from)
	for i := from; i <= to; i++ {
		l.Push(table.RawGet(lua.LNumber(i)))
	}
	return to - from + 1
}

func (s *sandbox) basePcall(l *lua.LState) int {
	arguments{l, "pcall"}.any(1)
	results, err := s.protect(l, l.Get(1), stack(l, 2))
	if err != nil {
		l.Push(lua.LFalse)
		l.Push(errorValue(err))
		return 2
	}
	return pushResults(l, results)
}

func (s *sandbox) baseXpcall(l *lua.LState) int {
	arguments{l, "xpcall"}.any(2)
	results, err := s.protect(l, l.Get(1), stack(l, 3))
	if err == nil {
		return pushResults(l, results)
	}
	handler := l.Get(2)
	handled, err := s.protect(l, handler, []lua.LValue{errorValue(err)})
	l.Push(lua.LFalse)
	switch {
	case err != nil:
		l.Push(errorValue(err))
	case len(handled) > 0:
		l.Push(handled[0])
	default:
		l.Push(lua.LNil)
	}
	return 2
}

func pushResults(l *lua.LState, results []lua.LValue) int {
	l.Push(lua.LTrue)
	for _, v := range results {
		l.Push(v)
	}
	return len(results) + 1
}

// stack copies the arguments from the n-th on.
func stack(l *lua.LState, n int) []lua.LValue {
	var list []lua.LValue
	for i := n; i <= l.GetTop(); i++ {
		list = append(list, l.Get(i))
	}
	return list
}

// errorValue is the value that a function raised.
func errorValue(err error) lua.LValue {
	var api *lua.ApiError
	if !errors.As(err, &api) {
		return lua.LString(err.Error())
	}
	if text, ok := api.Object.(lua.LString); ok {
		// gopher-lua leaves a blank where it knows no position
		return lua.LString(luaWords(strings.TrimPrefix(string(text), " ")))
	}
	return api.Object
}

// protect calls a function in a thread of its own, since gopher-lua's own
// protected call detaches the variables of all callers from the closures that
// share them. Code cannot catch bounds.
func (s *sandbox) protect(l *lua.LState, fn lua.LValue, args []lua.LValue) ([]lua.LValue, error) {
	thread := s.thread(l)
	s.nest(l)
	defer func() { s.nesting-- }()
	thread.Push(fn)
	for _, arg := range args {
		thread.Push(arg)
	}
	err := thread.PCall(len(args), lua.MultRet, nil)
	if s.budget.err != nil {
		l.RaiseError("%s", s.budget.err.Error())
	}
	if err != nil {
		return nil, err
	}
	return stack(thread, 1), nil
}

// thread makes a thread under the same budget.
func (s *sandbox) thread(l *lua.LState) *lua.LState {
	s.take(l, threadCost)
	thread, cancel := l.NewThread()
	if cancel != nil {
		cancel()
	}
	thread.SetContext(s.budget)
	return thread
}

// nest bounds how many threads wait for each other, since each adds to the
// stack of the goroutine.
func (s *sandbox) nest(l *lua.LState) {
	if s.nesting++; s.nesting > MaxNesting {
		s.nesting--
		l.RaiseError("C stack overflow")
	}
}
