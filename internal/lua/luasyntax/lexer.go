package luasyntax

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// kind is the kind of a token: one of these, or the text of a keyword or
// operator.
type kind string

const (
	end    kind = "<eof>"
	name   kind = "<name>"
	text   kind = "<string>"
	number kind = "<number>"
)

func isKeyword(word string) bool {
	switch word {
	case "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil", "not", "or",
		"repeat", "return", "then", "true", "until", "while":
		return true
	}
	return false
}

// operators, longest first.
var operators = []string{"...", "..", "==", "~=", "<=", ">=", "::"}

// token is one token. Raw is its source text, for messages.
type token struct {
	kind  kind
	raw   string
	value string // of names and strings
	num   float64
	line  int
}

// lexer cuts a source into tokens.
type lexer struct {
	text string
	pos  int
	line int
}

// fail ends parsing with a message at the current line.
func (l *lexer) fail(message, near string) {
	const longest = 60
	if len(near) > longest {
		near = near[:longest] + "..."
	}
	panic(&Error{Line: l.line, Message: message + " near '" + near + "'"})
}

// at returns the byte at an offset from the current position, 0 at the end.
func (l *lexer) at(offset int) byte {
	if l.pos+offset >= len(l.text) {
		return 0
	}
	return l.text[l.pos+offset]
}

func (l *lexer) done() bool { return l.pos >= len(l.text) }

// start skips a byte order mark and a first line for the shell.
func (l *lexer) start() {
	l.text = strings.TrimPrefix(l.text, "\ufeff")
	if strings.HasPrefix(l.text, "#") {
		for !l.done() && !isNewline(l.at(0)) {
			l.pos++
		}
	}
}

func (l *lexer) next() token {
	l.skip()
	from := l.pos
	t := token{line: l.line}
	switch c := l.at(0); {
	case l.done():
		t.kind, t.raw = end, string(end)
		return t
	case isLetter(c):
		l.word(&t)
	case isDigit(c), c == '.' && isDigit(l.at(1)):
		l.number(&t)
	case c == '"', c == '\'':
		t.kind, t.value = text, l.quoted(c)
	case c == '[' && (l.at(1) == '[' || l.at(1) == '='):
		t.kind, t.value = text, l.long("string")
	default:
		l.operator(&t)
	}
	t.raw = l.text[from:l.pos]
	return t
}

// skip passes over blanks and comments.
func (l *lexer) skip() {
	for !l.done() {
		switch c := l.at(0); {
		case isNewline(c):
			l.newline()
		case c == ' ' || c == '\t' || c == '\v' || c == '\f':
			l.pos++
		case c == '-' && l.at(1) == '-':
			l.comment()
		default:
			return
		}
	}
}

// newline passes over one line break, of one or two characters.
func (l *lexer) newline() {
	c := l.at(0)
	l.pos++
	if d := l.at(0); isNewline(d) && d != c {
		l.pos++
	}
	l.line++
}

func (l *lexer) comment() {
	l.pos += 2
	if l.at(0) == '[' && l.isLongBracket() {
		l.long("comment")
		return
	}
	for !l.done() && !isNewline(l.at(0)) {
		l.pos++
	}
}

func (l *lexer) isLongBracket() bool {
	rest := strings.TrimLeft(l.text[l.pos+1:], "=")
	return strings.HasPrefix(rest, "[")
}

// long reads a long string or comment from its opening bracket.
func (l *lexer) long(what string) string {
	if !l.isLongBracket() {
		l.fail("invalid long string delimiter", l.text[l.pos:l.pos+1+strings.Count(l.text[l.pos:l.pos+2], "=")])
	}
	level := strings.IndexByte(l.text[l.pos+1:], '[')
	closing := "]" + strings.Repeat("=", level) + "]"
	l.pos += level + 2
	if isNewline(l.at(0)) {
		l.newline()
	}
	length := strings.Index(l.text[l.pos:], closing)
	if length < 0 {
		l.line += strings.Count(l.text[l.pos:], "\n")
		l.fail("unfinished long "+what, string(end))
	}
	stop := l.pos + length
	var b strings.Builder
	for l.pos < stop {
		if isNewline(l.at(0)) {
			l.newline()
			b.WriteByte('\n')
			continue
		}
		b.WriteByte(l.at(0))
		l.pos++
	}
	l.pos = stop + len(closing)
	return b.String()
}

func (l *lexer) word(t *token) {
	from := l.pos
	for isLetter(l.at(0)) || isDigit(l.at(0)) {
		l.pos++
	}
	word := l.text[from:l.pos]
	if isKeyword(word) {
		t.kind = kind(word)
		return
	}
	t.kind, t.value = name, word
}

// number takes everything that could belong to a number, then reads it.
func (l *lexer) number(t *token) {
	from := l.pos
	exponent := byte('e')
	if l.at(0) == '0' && l.at(1)|0x20 == 'x' {
		exponent = 'p'
	}
	for isLetter(l.at(0)) || isDigit(l.at(0)) || l.at(0) == '.' || (l.at(0) == '+' || l.at(0) == '-') && l.at(-1)|0x20 == exponent {
		l.pos++
	}
	raw := l.text[from:l.pos]
	value, ok := ParseNumber(withoutWidth(raw))
	if !ok {
		l.fail("malformed number", raw)
	}
	t.kind, t.num = number, value
}

// withoutWidth cuts off the suffix of LuaJIT's 64-bit integers, as in 10LL or
// 10ULL. Here all numbers are of one kind.
func withoutWidth(raw string) string {
	digits := strings.TrimRight(raw, "lLuU")
	switch strings.ToLower(raw[len(digits):]) {
	case "ll", "ull":
		if !strings.ContainsAny(digits, ".") && (strings.ContainsAny(digits, "xX") || !strings.ContainsAny(digits, "eE")) {
			return digits
		}
	}
	return raw
}

// ParseNumber reads a Lua number: decimal or hexadecimal, perhaps with an
// exponent. It takes neither sign nor blanks.
func ParseNumber(s string) (float64, bool) {
	if strings.ContainsAny(s, "_+-iInN") && !hasOnlyExponentSign(s) {
		return 0, false
	}
	if len(s) > 1 && s[0] == '0' && s[1]|0x20 == 'x' {
		if !strings.ContainsAny(s, "pP") {
			s += "p0" // Go wants the exponent
		}
	}
	value, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(value, 0) {
		return 0, false
	}
	return value, s != ""
}

// hasOnlyExponentSign reports whether the one sign in s follows an exponent.
func hasOnlyExponentSign(s string) bool {
	i := strings.IndexAny(s, "+-")
	return i > 0 && strings.LastIndexAny(s, "+-") == i && strings.IndexByte("eEpP", s[i-1]) >= 0 && !strings.ContainsAny(s, "_iInN")
}

// quoted reads a quoted string.
func (l *lexer) quoted(quote byte) string {
	from := l.pos
	l.pos++
	if plain, ok := l.plain(quote); ok {
		return plain
	}
	var b strings.Builder
	for {
		c := l.at(0)
		switch {
		case l.done():
			l.fail("unfinished string", string(end))
		case isNewline(c):
			l.fail("unfinished string", l.text[from:l.pos])
		case c == quote:
			l.pos++
			return b.String()
		case c == '\\':
			if !l.escape(&b) {
				l.fail("invalid escape sequence", l.text[from:min(l.pos+1, len(l.text))])
			}
		default:
			b.WriteByte(c)
			l.pos++
		}
	}
}

// plain reads the rest of a string up to its quote, if there is nothing in it
// but itself: it is a part of the source then.
func (l *lexer) plain(quote byte) (string, bool) {
	for i := l.pos; i < len(l.text); i++ {
		switch c := l.text[i]; {
		case c == quote:
			plain := l.text[l.pos:i]
			l.pos = i + 1
			return plain, true
		case c == '\\', isNewline(c):
			return "", false
		}
	}
	return "", false
}

var simpleEscapes = map[byte]byte{'a': '\a', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v', '\\': '\\', '"': '"', '\'': '\''}

// escape reads one escape. If it is malformed, it returns false and the
// position is at the first wrong character.
func (l *lexer) escape(b *strings.Builder) bool {
	l.pos++
	c := l.at(0)
	if l.done() {
		return false
	}
	if plain, ok := simpleEscapes[c]; ok {
		b.WriteByte(plain)
		l.pos++
		return true
	}
	switch {
	case isNewline(c):
		l.newline()
		b.WriteByte('\n')
	case isDigit(c):
		return l.decimalEscape(b)
	case c == 'x':
		return l.hexEscape(b)
	case c == 'u':
		return l.unicodeEscape(b)
	case c == 'z':
		l.pos++
		l.skipBlanks()
	default:
		return false
	}
	return true
}

func (l *lexer) skipBlanks() {
	for !l.done() {
		switch c := l.at(0); {
		case isNewline(c):
			l.newline()
		case c == ' ' || c == '\t' || c == '\v' || c == '\f':
			l.pos++
		default:
			return
		}
	}
}

func (l *lexer) decimalEscape(b *strings.Builder) bool {
	n := 0
	for i := 0; i < 3 && isDigit(l.at(0)); i++ {
		n = n*10 + int(l.at(0)-'0')
		l.pos++
	}
	if n > 255 {
		l.pos--
		return false
	}
	b.WriteByte(byte(n))
	return true
}

func (l *lexer) hexEscape(b *strings.Builder) bool {
	l.pos++
	n := 0
	for range 2 {
		digit := strings.IndexByte("0123456789abcdef", l.at(0)|0x20)
		if digit < 0 || l.done() {
			return false
		}
		n = n*16 + digit
		l.pos++
	}
	b.WriteByte(byte(n))
	return true
}

// unicodeEscape reads u{XXX}, the UTF-8 encoding of a code point.
func (l *lexer) unicodeEscape(b *strings.Builder) bool {
	l.pos++
	if l.at(0) != '{' {
		return false
	}
	l.pos++
	from := l.pos
	for isDigit(l.at(0)) || l.at(0)|0x20 >= 'a' && l.at(0)|0x20 <= 'f' {
		l.pos++
	}
	n, err := strconv.ParseUint(l.text[from:l.pos], 16, 32)
	if err != nil || l.at(0) != '}' || n > utf8.MaxRune || n >= 0xd800 && n < 0xe000 {
		return false
	}
	b.WriteRune(rune(n))
	l.pos++
	return true
}

func (l *lexer) operator(t *token) {
	rest := l.text[l.pos:]
	for _, op := range operators {
		if strings.HasPrefix(rest, op) {
			t.kind = kind(op)
			l.pos += len(op)
			return
		}
	}
	// any other character is a token of its own; the parser refuses strange ones
	t.kind = kind(rest[:1])
	l.pos++
}

func isNewline(c byte) bool { return c == '\n' || c == '\r' }
func isDigit(c byte) bool   { return c >= '0' && c <= '9' }

// isLetter takes bytes beyond ASCII for letters, as LuaJIT does.
func isLetter(c byte) bool { return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80 }
