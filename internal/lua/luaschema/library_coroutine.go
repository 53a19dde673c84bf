package luaschema

import (
	lua "github.com/yuin/gopher-lua"
)

func (s *sandbox) coroutineFunctions() functions {
	return functions{
		"create": s.coroutineCreate, "resume": s.coroutineResume, "running": coroutineRunning,
		"status": coroutineStatus, "wrap": s.coroutineWrap, "yield": coroutineYield,
	}
}

// coroutine is a thread and the function that it starts with.
type coroutine struct {
	thread *lua.LState
	start  *lua.LFunction
	old    bool // made while the chunk ran
}

func (s *sandbox) coroutineCreate(l *lua.LState) int {
	co := s.newCoroutine(l, arguments{l, "create"}.fn(1))
	l.Push(co.thread)
	return 1
}

func (s *sandbox) newCoroutine(l *lua.LState, fn *lua.LFunction) *coroutine {
	co := &coroutine{thread: s.thread(l), start: fn, old: !s.changes.ready}
	if s.coroutines == nil {
		s.coroutines = map[*lua.LState]*coroutine{}
	}
	s.coroutines[co.thread] = co
	return co
}

func (s *sandbox) coroutineResume(l *lua.LState) int {
	thread, _ := l.Get(1).(*lua.LState)
	co := s.coroutines[thread]
	if co == nil {
		arguments{l, "resume"}.wrongType(1, "coroutine")
	}
	results, failure := s.resume(l, co, stack(l, 2))
	if failure != nil {
		l.Push(lua.LFalse)
		l.Push(failure)
		return 2
	}
	return pushResults(l, results)
}

// resume runs a coroutine up to its next yield or its end. It returns the error
// value if that fails, otherwise nil.
func (s *sandbox) resume(l *lua.LState, co *coroutine, args []lua.LValue) (results []lua.LValue, failure lua.LValue) {
	if co.thread.Dead {
		return nil, lua.LString("cannot resume dead coroutine")
	}
	if l == co.thread || l.G.CurrentThread == co.thread || co.thread.Parent != nil {
		return nil, lua.LString("cannot resume non-suspended coroutine")
	}
	s.touchOld(co.old)
	s.nest(l)
	current := l.G.CurrentThread
	state, err, results := l.Resume(co.thread, co.start, args...)
	l.G.CurrentThread = current
	s.nesting--
	if s.budget.err != nil {
		l.RaiseError("%s", s.budget.err.Error())
	}
	if state == lua.ResumeError {
		co.thread.Dead = true
		return nil, errorValue(err)
	}
	if state == lua.ResumeOK {
		co.thread.Dead = true
	}
	return results, nil
}

func coroutineYield(l *lua.LState) int { return l.Yield(stack(l, 1)...) }

func coroutineRunning(l *lua.LState) int {
	if l.G.CurrentThread == nil || l.G.MainThread == l.G.CurrentThread {
		l.Push(lua.LNil)
		return 1
	}
	l.Push(l.G.CurrentThread)
	return 1
}

func coroutineStatus(l *lua.LState) int {
	thread, ok := l.Get(1).(*lua.LState)
	if !ok {
		arguments{l, "status"}.wrongType(1, "coroutine")
	}
	status := "suspended"
	switch {
	case thread.Dead:
		status = "dead"
	case l.G.CurrentThread == thread:
		status = "running"
	case thread.Parent != nil:
		status = "normal"
	}
	l.Push(lua.LString(status))
	return 1
}

func (s *sandbox) coroutineWrap(l *lua.LState) int {
	co := s.newCoroutine(l, arguments{l, "wrap"}.fn(1))
	l.Push(l.NewFunction(func(l *lua.LState) int {
		results, failure := s.resume(l, co, stack(l, 1))
		if failure != nil {
			l.Error(failure, 0)
		}
		for _, v := range results {
			l.Push(v)
		}
		return len(results)
	}))
	return 1
}
