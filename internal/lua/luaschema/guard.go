package luaschema

import (
	"math"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// The guarding functions: a rewritten source calls them wherever it takes
// memory.

// How many bytes a store takes, rather too many than too few. The first key of
// a table makes room for a few dozen, and a stored number may keep alive a
// block of 32 of them.
const (
	firstKey   = 2560
	anotherKey = 200
	arraySlot  = 32
	firstSlot  = 512
	numberCost = 256
	threadCost = 40 << 10
	// growing is how many bytes a byte takes in a buffer that doubles as it
	// grows.
	growing = 3
)

// concat is the operator .. over all its arguments, from right to left.
func (s *sandbox) concat(l *lua.LState) int {
	n := l.GetTop()
	total := 0
	for i := 1; i <= n; i++ {
		text, ok := concatText(l.Get(i))
		if !ok {
			l.Push(s.concatObjects(l, n))
			return 1
		}
		total += len(text)
	}
	s.take(l, total)
	var b strings.Builder
	b.Grow(total)
	for i := 1; i <= n; i++ {
		text, _ := concatText(l.Get(i))
		b.WriteString(text)
	}
	l.Push(lua.LString(b.String()))
	return 1
}

func concatText(v lua.LValue) (string, bool) {
	switch v := v.(type) {
	case lua.LString:
		return string(v), true
	case lua.LNumber:
		return numberText(v), true
	}
	return "", false
}

// concatObjects concatenates where one operand is neither text nor number.
func (s *sandbox) concatObjects(l *lua.LState, n int) lua.LValue {
	right := l.Get(n)
	for i := n - 1; i >= 1; i-- {
		left := l.Get(i)
		a, ok := concatText(left)
		b, okToo := concatText(right)
		if ok && okToo {
			s.take(l, len(a)+len(b))
			right = lua.LString(a + b)
			continue
		}
		op := l.GetMetaField(left, "__concat")
		if op == lua.LNil {
			op = l.GetMetaField(right, "__concat")
		}
		if op == lua.LNil {
			culprit := left
			if ok {
				culprit = right
			}
			l.RaiseError("attempt to concatenate a %s value", typeName(culprit))
		}
		right = s.invoke(l, op, left, right)
	}
	return right
}

// set is table[key] = value.
func (s *sandbox) set(l *lua.LState) int {
	key, value := l.Get(2), l.Get(3)
	table, ok := l.Get(1).(*lua.LTable)
	if !ok {
		l.RaiseError(indexed+"%s"+indexedWith+"%s'", typeName(l.Get(1)), key.String())
	}
	if table.Metatable == lua.LNil {
		s.store(l, table, key, value)
		return 0
	}
	s.take(l, indirectCost(key, value))
	s.touchIndirect(table)
	l.SetTable(table, key, value)
	return 0
}

// store sets a key of a table itself.
func (s *sandbox) store(l *lua.LState, table *lua.LTable, key, value lua.LValue) {
	if n, ok := key.(lua.LNumber); ok && math.IsNaN(float64(n)) {
		l.RaiseError("table index is NaN")
	}
	if key == lua.LNil {
		l.RaiseError("table index is nil")
	}
	s.take(l, storeCost(table, key, value))
	s.touch(table)
	table.RawSet(key, value)
}

func storeCost(table *lua.LTable, key, value lua.LValue) int {
	cost := 0
	if _, ok := value.(lua.LNumber); ok {
		cost = numberCost
	}
	if table.RawGet(key) != lua.LNil {
		return cost
	}
	if value == lua.LNil {
		// a nil takes no room, unless the array has to grow to its index
		if i, ok := arrayIndex(key); ok && i > table.Len() {
			return (i - table.Len()) * arraySlot
		}
		return 0
	}
	if i, ok := arrayIndex(key); ok {
		length := table.Len()
		if length == 0 {
			cost += firstSlot
		}
		return cost + max(1, i-length)*arraySlot
	}
	// Next gives the first of the other keys after the last index
	if first, _ := table.Next(lua.LNumber(table.Len())); first == lua.LNil {
		return cost + firstKey
	}
	return cost + anotherKey
}

// indirectCost is the cost of a store whose target depends on a metatable.
func indirectCost(key, value lua.LValue) int {
	cost := firstKey
	if _, ok := value.(lua.LNumber); ok {
		cost += numberCost
	}
	if i, ok := arrayIndex(key); ok {
		cost += i * arraySlot
	}
	return cost
}

// arrayIndex reports whether a key belongs in the array part of a table, which
// grows up to the largest index.
func arrayIndex(key lua.LValue) (int, bool) {
	n, ok := key.(lua.LNumber)
	if !ok || n < 1 || n >= lua.LNumber(lua.MaxArrayIndex) || n != lua.LNumber(int(n)) {
		return 0, false
	}
	return int(n), true
}

// key returns its argument, about to be a key in a table constructor.
func (s *sandbox) key(l *lua.LState) int {
	if i, ok := arrayIndex(l.Get(1)); ok {
		s.take(l, i*arraySlot)
	}
	l.SetTop(1)
	return 1
}

// spread returns its arguments, about to be items of a table.
func (s *sandbox) spread(l *lua.LState) int {
	n := l.GetTop()
	s.take(l, n*(arraySlot+numberCost))
	return n
}

// spend accounts for bytes that the source is about to take.
func (s *sandbox) spend(l *lua.LState) int {
	n, _ := l.Get(1).(lua.LNumber)
	s.take(l, int(n))
	return 0
}

// take counts bytes before they are allocated; it raises an error when there
// are too many.
func (s *sandbox) take(l *lua.LState, n int) {
	if !s.budget.take(n) {
		l.RaiseError("%s", s.budget.err.Error())
	}
}

// work counts steps before they are done.
func (s *sandbox) work(l *lua.LState, n int) {
	if !s.budget.work(n) {
		l.RaiseError("%s", s.budget.err.Error())
	}
}

// invoke calls a function from a library function and returns its first
// result.
func (s *sandbox) invoke(l *lua.LState, fn lua.LValue, args ...lua.LValue) lua.LValue {
	l.Push(fn)
	for _, arg := range args {
		l.Push(arg)
	}
	l.Call(len(args), 1)
	result := l.Get(-1)
	l.Pop(1)
	return result
}
