package luaschema

import (
	"fmt"
	"math"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// stringFormat is C's printf as far as Lua has it.
func (s *sandbox) stringFormat(l *lua.LState) int {
	a := arguments{l, "format"}
	format := a.str(1)
	var b strings.Builder
	argument := 1
	for format != "" {
		plain, rest, found := strings.Cut(format, "%")
		b.WriteString(plain)
		if !found {
			break
		}
		if strings.HasPrefix(rest, "%") {
			b.WriteByte('%')
			format = rest[1:]
			continue
		}
		spec, verb, after := cutDirective(l, rest)
		argument++
		text := s.directive(l, a, argument, spec, verb)
		s.take(l, growing*(len(text)+len(plain)))
		b.WriteString(text)
		format = after
	}
	return pushText(l, b.String())
}

// cutDirective splits flags, width and precision from the letter that follows.
func cutDirective(l *lua.LState, rest string) (spec string, verb byte, after string) {
	flags := len(rest) - len(strings.TrimLeft(rest, "-+ #0"))
	i := flags
	i += digits(rest[i:])
	width := i - flags
	precision := 0
	if i < len(rest) && rest[i] == '.' {
		precision = digits(rest[i+1:])
		i += 1 + precision
	}
	switch {
	case flags > 5:
		l.RaiseError("invalid format (repeated flags)")
	case width > 2 || precision > 2:
		l.RaiseError("invalid format (width or precision too long)")
	case i >= len(rest):
		l.RaiseError("invalid option '%s' to 'format'", "%")
	}
	return rest[:i], rest[i], rest[i+1:]
}

func digits(text string) int { return len(text) - len(strings.TrimLeft(text, "0123456789")) }

func (s *sandbox) directive(l *lua.LState, a arguments, n int, spec string, verb byte) string {
	switch verb {
	case 'c':
		return fmt.Sprintf("%"+spec+"s", string([]byte{byte(a.integer(n))}))
	case 'd', 'i':
		return integerText(spec, a.number(n))
	case 'u':
		return fmt.Sprintf("%"+spec+"d", unsigned(a.number(n)))
	case 'o', 'x', 'X':
		return fmt.Sprintf("%"+spec+string(verb), unsigned(a.number(n)))
	case 'e', 'E', 'f', 'g', 'G':
		return floatText(spec, verb, a.number(n))
	case 'q':
		return quote(a.str(n))
	case 's':
		text := s.text(l, a.any(n))
		s.take(l, len(text))
		return fmt.Sprintf("%"+spec+"s", text)
	}
	l.RaiseError("invalid option '%%%s' to 'format'", string(verb))
	return ""
}

func integerText(spec string, f float64) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return fmt.Sprintf("%d", int64(math.MinInt64))
	}
	// C takes a precision as a number of digits, and so does Go
	return fmt.Sprintf("%"+spec+"d", int64(f))
}

func unsigned(f float64) uint64 {
	if f < 0 {
		return uint64(int64(f))
	}
	return uint64(f)
}

func floatText(spec string, verb byte, f float64) string {
	switch {
	case math.IsInf(f, 0) || math.IsNaN(f):
		width := strings.NewReplacer("0", "", "#", "").Replace(strings.SplitN(spec, ".", 2)[0])
		return fmt.Sprintf("%"+width+"s", numberText(lua.LNumber(f)))
	case (verb == 'g' || verb == 'G') && !strings.Contains(spec, "."):
		spec += ".6" // Go would take the shortest text
	}
	return fmt.Sprintf("%"+spec+string(verb), f)
}

// quote writes a text so that Lua reads it back.
func quote(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(text) {
		switch c := text[i]; c {
		case '"', '\\', '\n':
			b.WriteByte('\\')
			b.WriteByte(c)
		case '\r':
			b.WriteString(`\r`)
		case 0:
			b.WriteString(`\000`)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
