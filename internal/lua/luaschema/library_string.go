package luaschema

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luapattern"
)

func (s *sandbox) stringFunctions() functions {
	return functions{
		"byte": s.stringByte, "char": s.stringChar, "find": s.stringFind, "format": s.stringFormat, "gmatch": s.stringGmatch,
		"gsub": s.stringGsub, "len": stringLen, "lower": s.stringLower, "match": s.stringMatch, "rep": s.stringRep,
		"reverse": s.stringReverse, "sub": stringSub, "upper": s.stringUpper,
	}
}

// pushText returns a text that has been counted already.
func pushText(l *lua.LState, text string) int {
	l.Push(lua.LString(text))
	return 1
}

// slice turns Lua's positions, which count from 1 and from the end, into
// offsets.
func slice(from, to, length int) (int, int) {
	if from < 0 {
		from = max(from+length+1, 1)
	}
	if to < 0 {
		to += length + 1
	}
	from, to = max(from, 1)-1, min(to, length)
	if from >= to {
		return 0, 0
	}
	return from, to
}

func stringLen(l *lua.LState) int {
	l.Push(lua.LNumber(len(arguments{l, "len"}.str(1))))
	return 1
}

func stringSub(l *lua.LState) int {
	a := arguments{l, "sub"}
	text := a.str(1)
	from, to := slice(a.optInteger(2, 1), a.optInteger(3, -1), len(text))
	return pushText(l, text[from:to])
}

func (s *sandbox) stringByte(l *lua.LState) int {
	a := arguments{l, "byte"}
	text := a.str(1)
	first := a.optInteger(2, 1)
	from, to := slice(first, a.optInteger(3, first), len(text))
	if to-from >= MaxValues/16 {
		l.RaiseError("string slice too long")
	}
	s.work(l, to-from)
	for _, c := range []byte(text[from:to]) {
		l.Push(lua.LNumber(c))
	}
	return to - from
}

func (s *sandbox) stringChar(l *lua.LState) int {
	a := arguments{l, "char"}
	text := make([]byte, l.GetTop())
	for i := range text {
		n := a.integer(i + 1)
		if n < 0 || n > 255 {
			a.fail(i+1, "invalid value")
		}
		text[i] = byte(n)
	}
	s.take(l, len(text)+arraySlot)
	return pushText(l, string(text))
}

func (s *sandbox) stringLower(l *lua.LState) int {
	return s.mapBytes(l, "lower", func(c byte) byte {
		if c >= 'A' && c <= 'Z' {
			return c + 'a' - 'A'
		}
		return c
	})
}

func (s *sandbox) stringUpper(l *lua.LState) int {
	return s.mapBytes(l, "upper", func(c byte) byte {
		if c >= 'a' && c <= 'z' {
			return c - 'a' + 'A'
		}
		return c
	})
}

func (s *sandbox) mapBytes(l *lua.LState, name string, f func(byte) byte) int {
	text := arguments{l, name}.str(1)
	s.take(l, len(text)+arraySlot)
	s.work(l, len(text)/16)
	out := make([]byte, len(text))
	for i := range out {
		out[i] = f(text[i])
	}
	return pushText(l, string(out))
}

func (s *sandbox) stringReverse(l *lua.LState) int {
	text := arguments{l, "reverse"}.str(1)
	s.take(l, len(text)+arraySlot)
	s.work(l, len(text)/16)
	out := make([]byte, len(text))
	for i := range out {
		out[i] = text[len(text)-1-i]
	}
	return pushText(l, string(out))
}

func (s *sandbox) stringRep(l *lua.LState) int {
	a := arguments{l, "rep"}
	text, n, separator := a.str(1), a.integer(2), a.optStr(3, "")
	if n <= 0 || text == "" && separator == "" {
		return pushText(l, "")
	}
	if n > MaxMemory/(len(text)+len(separator)) {
		n = MaxMemory // more than any text may have
	}
	s.take(l, (len(text)+len(separator))*n+arraySlot)
	if separator == "" {
		return pushText(l, strings.Repeat(text, n)) // this makes no second copy
	}
	return pushText(l, strings.Repeat(text+separator, n-1)+text)
}

// find searches, and counts the steps.
func (s *sandbox) find(l *lua.LState, p *luapattern.Pattern, text string, init int) *luapattern.Match {
	m, steps, err := p.FindCounted(text, init)
	s.work(l, 4+steps/8)
	if err != nil {
		l.RaiseError("%s", err.Error())
	}
	return m
}

// pattern parses a pattern, and keeps it for as long as its state is in use.
func (s *sandbox) pattern(text string) *luapattern.Pattern {
	if p := s.patterns[text]; p != nil {
		return p
	}
	const most = 64
	if s.patterns == nil || len(s.patterns) == most {
		s.patterns = map[string]*luapattern.Pattern{}
	}
	p := luapattern.Parse(text)
	if len(text) <= 256 {
		s.patterns[text] = p
	}
	return p
}

// pushCapture pushes one capture; the whole match stands in for the first when
// there are none.
func pushCapture(l *lua.LState, text string, m *luapattern.Match, i int) {
	l.Push(capture(text, m, i))
}

func capture(text string, m *luapattern.Match, i int) lua.LValue {
	if len(m.Captures) == 0 && i == 0 {
		return lua.LString(text[m.Start:m.End])
	}
	c := m.Captures[i]
	if c.Position {
		return lua.LNumber(c.Start + 1)
	}
	return lua.LString(text[c.Start:c.End])
}

// pushCaptures pushes all captures, or the whole match.
func pushCaptures(l *lua.LState, text string, m *luapattern.Match) int {
	n := max(1, len(m.Captures))
	for i := range n {
		pushCapture(l, text, m, i)
	}
	return n
}

// start reads the third argument of find and match, a position from 1 or from
// the end, as an offset.
func (a arguments) start(n, length int) int {
	init := a.optInteger(n, 1)
	if init < 0 {
		init = max(init+length+1, 1)
	}
	return max(init, 1) - 1
}

func (s *sandbox) stringFind(l *lua.LState) int {
	a := arguments{l, "find"}
	text, pattern := a.str(1), a.str(2)
	init := a.start(3, len(text))
	if init > len(text) {
		l.Push(lua.LNil)
		return 1
	}
	if lua.LVAsBool(l.Get(4)) {
		s.work(l, len(text)/64)
		at := strings.Index(text[init:], pattern)
		if at < 0 {
			l.Push(lua.LNil)
			return 1
		}
		return pushNumbers(l, float64(init+at+1), float64(init+at+len(pattern)))
	}
	m := s.find(l, s.pattern(pattern), text, init)
	if m == nil {
		l.Push(lua.LNil)
		return 1
	}
	pushNumbers(l, float64(m.Start+1), float64(m.End))
	if len(m.Captures) == 0 {
		return 2
	}
	return 2 + pushCaptures(l, text, m)
}

func (s *sandbox) stringMatch(l *lua.LState) int {
	a := arguments{l, "match"}
	text, pattern := a.str(1), a.str(2)
	var m *luapattern.Match
	if init := a.start(3, len(text)); init <= len(text) {
		m = s.find(l, s.pattern(pattern), text, init)
	}
	if m == nil {
		l.Push(lua.LNil)
		return 1
	}
	return pushCaptures(l, text, m)
}

func (s *sandbox) stringGmatch(l *lua.LState) int {
	a := arguments{l, "gmatch"}
	text, p := a.str(1), luapattern.ParseGlobal(a.str(2))
	s.take(l, anotherKey+len(p.String()))
	next, old := 0, !s.changes.ready
	l.Push(l.NewFunction(func(l *lua.LState) int {
		s.touchOld(old)
		m := s.find(l, p, text, next)
		if m == nil {
			next = len(text) + 1
			l.Push(lua.LNil)
			return 1
		}
		next = m.End
		if m.End == m.Start {
			next++
		}
		return pushCaptures(l, text, m)
	}))
	return 1
}

func (s *sandbox) stringGsub(l *lua.LState) int {
	a := arguments{l, "gsub"}
	text, p := a.str(1), s.pattern(a.str(2))
	switch l.Get(3).(type) {
	case lua.LString, lua.LNumber, *lua.LTable, *lua.LFunction:
	default:
		a.wrongType(3, "string/function/table")
	}
	most := a.optInteger(4, len(text)+1)
	var b strings.Builder
	at, count := 0, 0
	for count < most {
		m := s.find(l, p, text, at)
		if m == nil {
			break
		}
		count++
		b.WriteString(text[at:m.Start])
		replacement := s.replacement(l, text, m)
		s.take(l, growing*(len(replacement)+m.Start-at))
		b.WriteString(replacement)
		at = m.End
		if m.End == m.Start {
			if at < len(text) {
				b.WriteByte(text[at])
			}
			at++
		}
		if at > len(text) || p.Anchored() {
			break
		}
	}
	if at < len(text) {
		s.take(l, growing*(len(text)-at)+arraySlot)
		b.WriteString(text[at:])
	}
	pushText(l, b.String())
	l.Push(lua.LNumber(count))
	return 2
}

// replacement is what gsub puts in the place of a match.
func (s *sandbox) replacement(l *lua.LState, text string, m *luapattern.Match) string {
	var value lua.LValue
	switch r := l.Get(3).(type) {
	case *lua.LTable:
		value = l.GetTable(r, capture(text, m, 0))
	case *lua.LFunction:
		l.Push(r)
		n := pushCaptures(l, text, m)
		l.Call(n, 1)
		value = l.Get(-1)
		l.Pop(1)
	default:
		template, _ := concatText(r)
		return s.expand(l, template, text, m)
	}
	if !lua.LVAsBool(value) {
		return text[m.Start:m.End]
	}
	out, ok := concatText(value)
	if !ok {
		l.RaiseError("invalid replacement value (a %s)", typeName(value))
	}
	return out
}

// expand fills captures into a template: %0 is the whole match.
func (s *sandbox) expand(l *lua.LState, template, text string, m *luapattern.Match) string {
	if !strings.Contains(template, "%") {
		return template
	}
	var b strings.Builder
	for i := 0; i < len(template); i++ {
		if template[i] != '%' || i+1 == len(template) {
			b.WriteByte(template[i])
			continue
		}
		i++
		before := b.Len()
		switch c := template[i]; {
		case c == '0':
			b.WriteString(text[m.Start:m.End])
		case c >= '1' && c <= '9':
			n := int(c - '1')
			if n >= max(1, len(m.Captures)) {
				l.RaiseError("invalid capture index")
			}
			value, _ := concatText(capture(text, m, n))
			b.WriteString(value)
		default:
			b.WriteByte(c)
		}
		s.take(l, growing*(b.Len()-before))
	}
	return b.String()
}
