package luaschema

import (
	"maps"
	"math/rand/v2"

	lua "github.com/yuin/gopher-lua"
)

// A verdict must not depend on what ran before. So a state may serve again only
// if the last call changed nothing in it that the next one could see. These
// things can outlive a call:
//
//   - a table that was there before the call: everything that writes to tables
//     says so to [sandbox.touch], the guarding function set first of all
//   - a variable outside of the function that assigns it, or a global:
//     [changes.same] compares them with what they were
//   - what our own libraries remember outside of tables (iterators, buffers,
//     coroutines, random numbers, modules): they call [sandbox.touchOld]

// changes tells whether a state is as its chunk left it.
type changes struct {
	// ready is set once the chunk has run.
	ready   bool
	changed bool
	// tables are the ones that existed when the chunk had run. It is nil until
	// a table has to be told from a new one.
	tables  map[*lua.LTable]struct{}
	globals []lua.LValue // what the globals that functions assign were
	outer   []outerVariable
	names   int      // how many names of values were given
	random  rand.PCG // the source of random numbers
}

// outerVariable is a variable that a function may assign from inside.
type outerVariable struct {
	at    *lua.Upvalue
	value lua.LValue
}

// touch notes that a table is about to change.
func (s *sandbox) touch(table *lua.LTable) {
	c := &s.changes
	if !c.ready || c.changed {
		return
	}
	if c.tables == nil {
		c.tables = s.reachable().tables
	}
	_, c.changed = c.tables[table]
}

// touchIndirect is touch for a table whose metatable may send the value to
// another one.
func (s *sandbox) touchIndirect(table *lua.LTable) {
	for range MaxThreadDepth { // gopher-lua follows fewer
		s.touch(table)
		meta, ok := table.Metatable.(*lua.LTable)
		if !ok {
			return
		}
		if table, ok = meta.RawGetString("__newindex").(*lua.LTable); !ok {
			return
		}
	}
}

// touchOld notes that something other than a table changes. Old says that it
// was made while the chunk ran.
func (s *sandbox) touchOld(old bool) {
	if old && s.changes.ready {
		s.changes.changed = true
	}
}

// settle remembers what the chunk left behind.
func (s *sandbox) settle(p *program) error {
	// the first function that requires a module would change the state
	if _, err := s.call(s.l.NewFunction(func(l *lua.LState) int {
		for _, r := range p.requires {
			s.open(l, r.Module)
		}
		return 0
	})); err != nil {
		return err
	}
	s.callableMeta()
	c := &s.changes
	for _, name := range p.assigned {
		c.globals = append(c.globals, s.l.G.Global.RawGetString(name))
	}
	if p.assignsOuter || s.luaModules || len(p.assigned) > 0 {
		// an assignment may hide a table, so all of them have to be known
		// before
		r := s.reachable()
		c.tables = r.tables
		for _, f := range r.closures {
			for _, variable := range f.Upvalues {
				c.outer = append(c.outer, outerVariable{variable, variable.Value()})
			}
		}
	}
	c.names, c.random = len(s.names), s.random
	c.ready = true
	return nil
}

// unchanged reports whether the state is as the chunk left it.
func (s *sandbox) unchanged(p *program) bool {
	c := &s.changes
	if c.changed {
		return false
	}
	if len(p.assigned) > 0 && s.l.G.Global.Metatable != lua.LNil {
		return false // it decides where the global goes
	}
	for i, name := range p.assigned {
		if s.l.G.Global.RawGetString(name) != c.globals[i] {
			return false
		}
	}
	for _, v := range c.outer {
		if v.at.Value() != v.value {
			return false
		}
	}
	return true
}

// forget drops what calls leave behind and no later call may see.
func (s *sandbox) forget() {
	s.random = s.changes.random
	if len(s.names) > s.changes.names {
		maps.DeleteFunc(s.names, func(_ lua.LValue, number int) bool { return number > s.changes.names })
	}
	for thread, co := range s.coroutines {
		if !co.old {
			delete(s.coroutines, thread)
		}
	}
}

// reach is everything that Lua code can get at.
type reach struct {
	tables   map[*lua.LTable]struct{}
	closures []*lua.LFunction // those that may assign a variable of another function
	seen     map[*lua.LFunction]struct{}
	next     []lua.LValue
}

func (s *sandbox) reachable() *reach {
	r := &reach{tables: map[*lua.LTable]struct{}{}, seen: map[*lua.LFunction]struct{}{}}
	r.next = append(r.next, s.l.G.Global, s.result, s.l.GetMetatable(lua.LString("")))
	for _, module := range s.loaded {
		r.next = append(r.next, module)
	}
	for _, co := range s.coroutines {
		r.next = append(r.next, co.start)
	}
	for len(r.next) > 0 {
		v := r.next[len(r.next)-1]
		r.next = r.next[:len(r.next)-1]
		switch v := v.(type) {
		case *lua.LTable:
			r.table(v)
		case *lua.LFunction:
			r.function(v)
		case *lua.LUserData:
			r.next = append(r.next, v.Metatable)
		}
	}
	return r
}

func (r *reach) table(t *lua.LTable) {
	if _, ok := r.tables[t]; ok {
		return
	}
	r.tables[t] = struct{}{}
	r.next = append(r.next, t.Metatable)
	t.ForEach(func(key, value lua.LValue) { r.next = append(r.next, key, value) })
}

func (r *reach) function(f *lua.LFunction) {
	if _, ok := r.seen[f]; ok || f.Proto == nil {
		return
	}
	r.seen[f] = struct{}{}
	if assignsOuter(f.Proto) {
		r.closures = append(r.closures, f)
	}
	for _, variable := range f.Upvalues {
		r.next = append(r.next, variable.Value())
	}
}

// instructions calls visit for each instruction of a function and of those in
// it.
func instructions(proto *lua.FunctionProto, visit func(proto *lua.FunctionProto, op int, instruction uint32)) {
	const opcodeShift = 26
	for _, instruction := range proto.Code {
		visit(proto, int(instruction>>opcodeShift), instruction)
	}
	for _, inner := range proto.FunctionPrototypes {
		instructions(inner, visit)
	}
}

// assignsOuter reports whether a function, or one inside it, assigns a variable
// of a function around it. It also reports variables of functions in between,
// which does no harm.
func assignsOuter(proto *lua.FunctionProto) bool {
	found := false
	instructions(proto, func(_ *lua.FunctionProto, op int, _ uint32) { found = found || op == lua.OP_SETUPVAL })
	return found
}

// assignedGlobals are the names of the globals that the functions of a chunk
// assign. The chunk itself does not count: it runs once in each state.
func assignedGlobals(chunk *lua.FunctionProto) []string {
	const constantMask = 1<<18 - 1
	var names []string
	for _, f := range chunk.FunctionPrototypes {
		instructions(f, func(proto *lua.FunctionProto, op int, instruction uint32) {
			if op == lua.OP_SETGLOBAL {
				names = append(names, proto.Constants[instruction&constantMask].String())
			}
		})
	}
	return names
}
