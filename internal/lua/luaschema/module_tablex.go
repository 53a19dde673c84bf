package luaschema

import (
	lua "github.com/yuin/gopher-lua"
)

// tablexModule is the part of Penlight's tablex that schemas use.
func (s *sandbox) tablexModule() lua.LValue {
	return s.library(functions{
		"find": s.tablexFind, "keys": s.tablexKeys, "values": s.tablexValues, "size": s.tableNkeys,
		"copy": s.tableClone, "deepcopy": s.tablexDeepCopy, "map": s.tablexMap, "filter": s.tablexFilter,
		"merge": s.tablexMerge, "update": s.tablexUpdate, "deepcompare": s.tablexDeepCompare, "union": s.tableMerge,
		"intersection": s.tablexIntersection, "readonly": s.tableClone, "makeset": s.tablexMakeSet, "index_map": s.tablexIndexMap,
	})
}

func (s *sandbox) tablexFind(l *lua.LState) int {
	a := arguments{l, "find"}
	table, wanted, from := a.table(1), a.any(2), a.optInteger(3, 1)
	if from < 0 {
		from += table.Len() + 1
	}
	for i := from; i <= table.Len(); i++ {
		s.work(l, 1)
		if l.Equal(table.RawGet(lua.LNumber(i)), wanted) {
			l.Push(lua.LNumber(i))
			return 1
		}
	}
	l.Push(lua.LNil)
	return 1
}

// each calls f for all pairs of a table.
func (s *sandbox) each(l *lua.LState, table *lua.LTable, f func(key, value lua.LValue)) {
	for key, value := table.Next(lua.LNil); key != lua.LNil; key, value = table.Next(key) {
		s.work(l, 1)
		f(key, value)
	}
}

func (s *sandbox) push(l *lua.LState, list *lua.LTable, value lua.LValue) {
	s.store(l, list, lua.LNumber(list.Len()+1), value)
}

func (s *sandbox) tablexKeys(l *lua.LState) int {
	list := s.newTable(l)
	s.each(l, arguments{l, "keys"}.table(1), func(key, _ lua.LValue) { s.push(l, list, key) })
	l.Push(list)
	return 1
}

func (s *sandbox) tablexValues(l *lua.LState) int {
	list := s.newTable(l)
	s.each(l, arguments{l, "values"}.table(1), func(_, value lua.LValue) { s.push(l, list, value) })
	l.Push(list)
	return 1
}

func (s *sandbox) tablexMap(l *lua.LState) int {
	a := arguments{l, "map"}
	f, table := a.fn(1), a.table(2)
	mapped := s.newTable(l)
	s.each(l, table, func(key, value lua.LValue) { s.store(l, mapped, key, s.invoke(l, f, value, l.Get(3))) })
	l.Push(mapped)
	return 1
}

func (s *sandbox) tablexFilter(l *lua.LState) int {
	a := arguments{l, "filter"}
	table, f := a.table(1), a.fn(2)
	list := s.newTable(l)
	for i := 1; i <= table.Len(); i++ {
		if v := table.RawGetInt(i); lua.LVAsBool(s.invoke(l, f, v, l.Get(3))) {
			s.push(l, list, v)
		}
	}
	l.Push(list)
	return 1
}

// tablexMerge keeps the keys that both tables have, or all of them.
func (s *sandbox) tablexMerge(l *lua.LState) int {
	if lua.LVAsBool(l.Get(3)) {
		return s.tableMerge(l)
	}
	return s.tablexIntersection(l)
}

func (s *sandbox) tablexIntersection(l *lua.LState) int {
	a := arguments{l, "intersection"}
	other := a.table(2)
	common := s.newTable(l)
	s.each(l, a.table(1), func(key, value lua.LValue) {
		if other.RawGet(key) != lua.LNil {
			s.store(l, common, key, value)
		}
	})
	l.Push(common)
	return 1
}

func (s *sandbox) tablexUpdate(l *lua.LState) int {
	a := arguments{l, "update"}
	table := a.table(1)
	s.each(l, a.table(2), func(key, value lua.LValue) { s.store(l, table, key, value) })
	l.SetTop(1)
	return 1
}

func (s *sandbox) tablexMakeSet(l *lua.LState) int {
	set := s.newTable(l)
	s.each(l, arguments{l, "makeset"}.table(1), func(_, value lua.LValue) { s.store(l, set, value, lua.LTrue) })
	l.Push(set)
	return 1
}

func (s *sandbox) tablexIndexMap(l *lua.LState) int {
	index := s.newTable(l)
	s.each(l, arguments{l, "index_map"}.table(1), func(key, value lua.LValue) { s.store(l, index, value, key) })
	l.Push(index)
	return 1
}

// tablexDeepCopy keeps what is shared or cyclic as it is.
func (s *sandbox) tablexDeepCopy(l *lua.LState) int {
	l.Push(s.deepCopy(l, l.Get(1), map[*lua.LTable]*lua.LTable{}, 0))
	return 1
}

func (s *sandbox) deepCopy(l *lua.LState, v lua.LValue, made map[*lua.LTable]*lua.LTable, depth int) lua.LValue {
	table, ok := v.(*lua.LTable)
	if !ok {
		return v
	}
	if copied := made[table]; copied != nil {
		return copied
	}
	s.nestTables(l, depth)
	copied := s.newTable(l)
	copied.Metatable = table.Metatable
	made[table] = copied
	s.each(l, table, func(key, value lua.LValue) {
		s.store(l, copied, s.deepCopy(l, key, made, depth+1), s.deepCopy(l, value, made, depth+1))
	})
	return copied
}

func (s *sandbox) nestTables(l *lua.LState, depth int) {
	if depth > MaxThreadDepth {
		l.RaiseError("tables are nested too deeply")
	}
}

func (s *sandbox) tablexDeepCompare(l *lua.LState) int {
	l.Push(lua.LBool(s.deepEqual(l, l.Get(1), l.Get(2), 0)))
	return 1
}

func (s *sandbox) deepEqual(l *lua.LState, a, b lua.LValue, depth int) bool {
	s.nestTables(l, depth)
	left, ok := a.(*lua.LTable)
	right, okToo := b.(*lua.LTable)
	if !ok || !okToo {
		return l.Equal(a, b)
	}
	equal := true
	s.each(l, left, func(key, value lua.LValue) {
		equal = equal && s.deepEqual(l, value, right.RawGet(key), depth+1)
	})
	s.each(l, right, func(key, _ lua.LValue) { equal = equal && left.RawGet(key) != lua.LNil })
	return equal
}
