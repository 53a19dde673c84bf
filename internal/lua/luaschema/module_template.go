package luaschema

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// templateModule is the part of Penlight's template that schemas use: they
// check whether a text is a template. Only handlers fill one in.
func (s *sandbox) templateModule() lua.LValue {
	return s.library(functions{"compile": s.compileTemplate})
}

// compileTemplate returns an empty table for a good template, otherwise nil and
// a message.
func (s *sandbox) compileTemplate(l *lua.LState) int {
	a := arguments{l, "compile"}
	text := a.str(1)
	t := template{escape: "#", inline: "$", open: '(', close: ')', name: "TMP"}
	if options, ok := l.Get(2).(*lua.LTable); ok {
		t.configure(options)
	}
	const costOfParsing = 64 // bytes for each byte, since trees are large
	s.work(l, len(text))
	s.take(l, costOfParsing*len(text))
	if err := CheckLua(`[string "`+t.name+`"]`, t.program(text)); err != nil {
		l.Push(lua.LNil)
		l.Push(lua.LString(err.Error()))
		return 2
	}
	l.Push(s.newTable(l))
	return 1
}

// template says how code is marked in a text: a line that begins with escape
// is a statement, and inline with an expression in brackets is its value.
type template struct {
	escape, inline string
	open, close    byte
	name           string // stands for the text in messages
}

func (t *template) configure(options *lua.LTable) {
	for option, to := range map[string]*string{"escape": &t.escape, "inline_escape": &t.inline, "chunk_name": &t.name} {
		if text, ok := options.RawGetString(option).(lua.LString); ok && text != "" {
			*to = string(text)
		}
	}
	if brackets, ok := options.RawGetString("inline_brackets").(lua.LString); ok && len(brackets) == 2 {
		t.open, t.close = brackets[0], brackets[1]
	}
}

// program is the Lua code of a template: its statements, and a call with each
// of its expressions.
func (t *template) program(text string) string {
	var b strings.Builder
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			b.WriteByte('\n') // lines stay what they are in messages
		}
		if code, ok := strings.CutPrefix(strings.TrimLeft(line, " \t"), t.escape); ok {
			b.WriteString(code)
		} else {
			t.expressions(&b, line)
		}
	}
	return b.String()
}

func (t *template) expressions(b *strings.Builder, line string) {
	mark := t.inline + string(t.open)
	for {
		_, rest, ok := strings.Cut(line, mark)
		end := t.closing(rest)
		if !ok || end < 0 {
			return
		}
		b.WriteString("_put(" + rest[:end] + ") ")
		line = rest[end+1:]
	}
}

// closing returns the index of the bracket that closes one before s, or -1.
func (t *template) closing(s string) int {
	depth := 1
	for i := range len(s) {
		switch s[i] {
		case t.close:
			if depth--; depth == 0 {
				return i
			}
		case t.open:
			depth++
		}
	}
	return -1
}
