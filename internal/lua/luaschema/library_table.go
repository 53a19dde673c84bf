package luaschema

import (
	"sort"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

func (s *sandbox) tableFunctions() functions {
	return functions{
		"concat": s.tableConcat, "foreach": s.tableForeach, "foreachi": s.tableForeachi, "getn": tableGetn, "insert": s.tableInsert,
		"maxn": tableMaxn, "move": s.tableMove, "pack": s.tablePack, "remove": s.tableRemove, "sort": s.tableSort, "unpack": s.baseUnpack,
		"clear": s.tableClear, "clone": s.tableClone, "isarray": tableIsArray, "isempty": tableIsEmpty, "new": s.tableNew, "nkeys": s.tableNkeys,
	}
}

func (s *sandbox) tableConcat(l *lua.LState) int {
	a := arguments{l, "concat"}
	table, separator := a.table(1), a.optStr(2, "")
	from, to := a.optInteger(3, 1), a.optInteger(4, table.Len())
	total := arraySlot
	for i := from; i <= to; i++ {
		text, ok := concatText(table.RawGet(lua.LNumber(i)))
		if !ok {
			l.RaiseError("invalid value (%s) at index %d in table for 'concat'", typeName(table.RawGet(lua.LNumber(i))), i)
		}
		s.work(l, 1)
		total += len(text) + len(separator)
	}
	s.take(l, total)
	var b strings.Builder
	b.Grow(total)
	for i := from; i <= to; i++ {
		text, _ := concatText(table.RawGet(lua.LNumber(i)))
		b.WriteString(text)
		if i < to {
			b.WriteString(separator)
		}
	}
	return pushText(l, b.String())
}

func (s *sandbox) tableForeach(l *lua.LState) int {
	a := arguments{l, "foreach"}
	table, f := a.table(1), a.fn(2)
	for key, value := table.Next(lua.LNil); key != lua.LNil; key, value = table.Next(key) {
		if result := s.invoke(l, f, key, value); result != lua.LNil {
			l.Push(result)
			return 1
		}
	}
	return 0
}

func (s *sandbox) tableForeachi(l *lua.LState) int {
	a := arguments{l, "foreachi"}
	table, f := a.table(1), a.fn(2)
	for i := 1; i <= table.Len(); i++ {
		if result := s.invoke(l, f, lua.LNumber(i), table.RawGetInt(i)); result != lua.LNil {
			l.Push(result)
			return 1
		}
	}
	return 0
}

func tableGetn(l *lua.LState) int {
	l.Push(lua.LNumber(arguments{l, "getn"}.table(1).Len()))
	return 1
}

func tableMaxn(l *lua.LState) int {
	table := arguments{l, "maxn"}.table(1)
	most := lua.LNumber(0)
	table.ForEach(func(key, _ lua.LValue) {
		if n, ok := key.(lua.LNumber); ok && n > most {
			most = n
		}
	})
	l.Push(most)
	return 1
}

func (s *sandbox) tableInsert(l *lua.LState) int {
	a := arguments{l, "insert"}
	table := a.table(1)
	length := table.Len()
	switch l.GetTop() {
	case 2:
		s.store(l, table, lua.LNumber(length+1), l.Get(2))
	case 3:
		at := a.integer(2)
		s.work(l, max(0, length-at)/8)
		for i := length; i >= at; i-- {
			s.store(l, table, lua.LNumber(i+1), table.RawGet(lua.LNumber(i)))
		}
		s.store(l, table, lua.LNumber(at), l.Get(3))
	default:
		l.RaiseError("wrong number of arguments to 'insert'")
	}
	return 0
}

func (s *sandbox) tableRemove(l *lua.LState) int {
	a := arguments{l, "remove"}
	table := a.table(1)
	length := table.Len()
	at := a.optInteger(2, length)
	if at < 1 || at > length {
		l.Push(lua.LNil)
		return 1
	}
	s.work(l, (length-at)/8)
	s.touch(table)
	l.Push(table.Remove(at))
	return 1
}

func (s *sandbox) tableMove(l *lua.LState) int {
	a := arguments{l, "move"}
	source, from, to, at := a.table(1), a.integer(2), a.integer(3), a.integer(4)
	target := source
	if l.Get(5) != lua.LNil {
		target = a.table(5)
	}
	step, i := 1, 0
	if at > from && target == source {
		step, i = -1, to-from // from the end, where the ranges overlap
	}
	for range max(0, to-from+1) {
		s.work(l, 1)
		s.store(l, target, lua.LNumber(at+i), source.RawGet(lua.LNumber(from+i)))
		i += step
	}
	l.Push(target)
	return 1
}

func (s *sandbox) tablePack(l *lua.LState) int {
	items := stack(l, 1)
	s.take(l, len(items)*(arraySlot+numberCost)+firstKey)
	table := l.CreateTable(len(items), 1)
	for i, v := range items {
		table.RawSetInt(i+1, v)
	}
	table.RawSetString("n", lua.LNumber(len(items)))
	l.Push(table)
	return 1
}

// sorter orders the items of a list by a Lua function, or as < does.
type sorter struct {
	sandbox *sandbox
	l       *lua.LState
	less    *lua.LFunction
	items   []lua.LValue
}

func (o *sorter) Len() int      { return len(o.items) }
func (o *sorter) Swap(i, j int) { o.items[i], o.items[j] = o.items[j], o.items[i] }
func (o *sorter) Less(i, j int) bool {
	o.sandbox.work(o.l, 1)
	if o.less == nil {
		return o.l.LessThan(o.items[i], o.items[j])
	}
	return lua.LVAsBool(o.sandbox.invoke(o.l, o.less, o.items[i], o.items[j]))
}

func (s *sandbox) tableSort(l *lua.LState) int {
	a := arguments{l, "sort"}
	table := a.table(1)
	o := &sorter{sandbox: s, l: l}
	if l.Get(2) != lua.LNil {
		o.less = a.fn(2)
	}
	length := table.Len()
	s.take(l, length*arraySlot)
	o.items = make([]lua.LValue, length)
	for i := range o.items {
		o.items[i] = table.RawGetInt(i + 1)
	}
	sort.Sort(o)
	s.touch(table)
	for i, v := range o.items {
		table.RawSetInt(i+1, v)
	}
	return 0
}

func (s *sandbox) tableClear(l *lua.LState) int {
	table := arguments{l, "clear"}.table(1)
	s.touch(table)
	for key, _ := table.Next(lua.LNil); key != lua.LNil; key, _ = table.Next(key) {
		s.work(l, 1)
		table.RawSet(key, lua.LNil)
	}
	return 0
}

func (s *sandbox) tableClone(l *lua.LState) int {
	l.Push(s.copyTable(l, arguments{l, "clone"}.table(1)))
	return 1
}

// copyTable makes a shallow copy.
func (s *sandbox) copyTable(l *lua.LState, table *lua.LTable) *lua.LTable {
	copied := s.newTable(l)
	for key, value := table.Next(lua.LNil); key != lua.LNil; key, value = table.Next(key) {
		s.work(l, 1)
		s.store(l, copied, key, value)
	}
	return copied
}

// newTable makes a table and counts its bytes.
func (s *sandbox) newTable(l *lua.LState) *lua.LTable {
	s.take(l, anotherKey)
	return l.CreateTable(0, 0)
}

func tableIsArray(l *lua.LState) int {
	keys, sequence := keysOf(arguments{l, "isarray"}.table(1))
	l.Push(lua.LBool(sequence || len(keys) == 0))
	return 1
}

func tableIsEmpty(l *lua.LState) int {
	key, _ := arguments{l, "isempty"}.table(1).Next(lua.LNil)
	l.Push(lua.LBool(key == lua.LNil))
	return 1
}

// tableNew takes sizes as hints only.
func (s *sandbox) tableNew(l *lua.LState) int {
	l.Push(s.newTable(l))
	return 1
}

func (s *sandbox) tableNkeys(l *lua.LState) int {
	table := arguments{l, "nkeys"}.table(1)
	n := 0
	for key, _ := table.Next(lua.LNil); key != lua.LNil; key, _ = table.Next(key) {
		s.work(l, 1)
		n++
	}
	l.Push(lua.LNumber(n))
	return 1
}
