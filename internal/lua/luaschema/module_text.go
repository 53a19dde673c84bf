package luaschema

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// urlModule is the part of LuaSocket's url that schemas use.
func (s *sandbox) urlModule() lua.LValue {
	return s.library(functions{"parse": s.parseURL, "escape": s.escapeURI, "unescape": s.unescapeURI})
}

// parseURL returns the parts that the URL has.
func (s *sandbox) parseURL(l *lua.LState) int {
	text := arguments{l, "parse"}.str(1)
	parts := s.newTable(l)
	if fallback, ok := l.Get(2).(*lua.LTable); ok {
		parts = s.copyTable(l, fallback)
	}
	if text == "" {
		l.Push(lua.LNil)
		l.Push(lua.LString("invalid url"))
		return 2
	}
	s.take(l, firstKey+len(text)*2)
	u := schema.SplitURL(text)
	for _, part := range [][2]string{
		{"scheme", u.Scheme}, {"authority", u.Authority}, {"userinfo", u.UserInfo}, {"user", u.User}, {"password", u.Password},
		{"host", u.Host}, {"port", u.Port}, {"path", u.Path}, {"params", u.Params}, {"query", u.Query}, {"fragment", u.Fragment},
	} {
		if part[1] != "" {
			parts.RawSetString(part[0], lua.LString(part[1]))
		}
	}
	l.Push(parts)
	return 1
}

const hexDigits = "0123456789ABCDEF"

func (s *sandbox) escapeURI(l *lua.LState) int {
	text := arguments{l, "escape_uri"}.str(1)
	s.take(l, 3*len(text))
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		if c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hexDigits[c>>4])
		b.WriteByte(hexDigits[c&15])
	}
	return pushText(l, b.String())
}

func (s *sandbox) unescapeURI(l *lua.LState) int {
	text := arguments{l, "unescape_uri"}.str(1)
	s.take(l, len(text))
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) {
			high, low := hexDigit(text[i+1]), hexDigit(text[i+2])
			if high >= 0 && low >= 0 {
				b.WriteByte(byte(high<<4 | low))
				i += 2
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return pushText(l, b.String())
}

func hexDigit(c byte) int { return strings.IndexByte(hexDigits, upper(c)) }

func upper(c byte) byte {
	if c >= 'a' && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}

// bufferModule is the part of LuaJIT's string.buffer that collects text.
func (s *sandbox) bufferModule() lua.LValue {
	return s.library(functions{"new": s.newBuffer})
}

func (s *sandbox) newBuffer(l *lua.LState) int {
	s.take(l, firstKey*3)
	var b strings.Builder
	old := !s.changes.ready
	buffer := s.l.CreateTable(0, 8)
	methods := functions{
		"put": func(l *lua.LState) int {
			s.touchOld(old)
			for i := 2; i <= l.GetTop(); i++ {
				text := s.text(l, l.Get(i))
				s.take(l, growing*len(text))
				b.WriteString(text)
			}
			l.SetTop(1)
			return 1
		},
		"get": func(l *lua.LState) int {
			s.touchOld(old)
			text := b.String()
			b = strings.Builder{}
			return pushText(l, text)
		},
		"tostring": func(l *lua.LState) int { return pushText(l, b.String()) },
		"reset": func(l *lua.LState) int {
			s.touchOld(old)
			b = strings.Builder{}
			l.SetTop(1)
			return 1
		},
	}
	meta := s.library(functions{
		"__tostring": methods["tostring"],
		"__len":      func(l *lua.LState) int { return pushNumbers(l, float64(b.Len())) },
	})
	s.fill(buffer, methods)
	buffer.Metatable = meta
	l.Push(buffer)
	return 1
}
