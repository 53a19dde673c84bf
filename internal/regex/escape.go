package regex

import "strings"

// escaped reads an escape outside a class, behind its backslash.
func (p *parser) escaped() (items []*node, repeatable bool) {
	if p.end() {
		p.fail(errBackslashEnd, p.pos)
	}
	start := p.pos
	c := p.next()
	if s, ok := p.classEscape(c); ok {
		return []*node{s}, true
	}
	switch c {
	case 'A', 'G', 'Z', 'z', 'b', 'B':
		return []*node{{op: opAnchor, text: `\` + string(c)}}, false
	case 'K':
		return []*node{{op: opKeep}}, false
	case 'C':
		return []*node{{op: opByte, set: set{0, maxByte}}}, true
	case 'R':
		return []*node{{op: opNewline}}, true
	case 'X':
		return []*node{{op: opForeign, text: `\X`, max: -1}}, true
	case 'N':
		if p.named() {
			return []*node{p.literal(p.namedCharacter())}, true
		}
		return []*node{p.one(newline.but(p.last))}, true
	case 'g', 'k':
		return []*node{p.reference(c)}, true
	}
	if c >= '1' && c <= '9' {
		if n := p.numbered(start); n > 0 {
			return []*node{p.referenceTo(n)}, true
		}
		p.pos = start + 1
	}
	return []*node{p.literal(p.character(c))}, true
}

// numbered reads the number of a group after a backslash. It returns 0 if the
// digits are an octal number or stand for themselves.
func (p *parser) numbered(start int) int {
	p.pos = start
	n := 0
	for p.digit() {
		n = n*10 + int(p.src[p.pos]-'0')
		p.pos++
		if n > maxReference {
			return 0
		}
	}
	if n < 10 || p.src[start] >= '8' || n <= p.count {
		return n
	}
	return 0
}

// referenceTo makes a reference by number. PCRE2 remembers the first place of
// each low number, and no other place.
func (p *parser) referenceTo(n int) *node {
	offset := p.pos - 1
	if n < len(p.firsts) {
		if p.firsts[n] == 0 {
			p.firsts[n] = offset
		}
		offset = p.firsts[n]
	}
	return &node{op: opReference, number: n, caseless: p.options&Caseless != 0, offset: offset}
}

// reference reads what follows \g or \k.
func (p *parser) reference(kind rune) *node {
	start := p.pos
	closing := ""
	switch {
	case p.at("{"):
		closing = "}"
	case p.at("<"):
		closing = ">"
	case p.at("'"):
		closing = "'"
	}
	if kind == 'k' {
		if closing == "" {
			p.fail(errKName, start)
		}
		p.pos++
		return p.namedReference(closing)
	}
	switch closing {
	case "":
		n, ok := p.number()
		if !ok {
			p.fail(errGName, start)
		}
		if n == 0 {
			p.fail(errNoGroup, p.pos)
		}
		return p.referenceTo(n)
	case "}":
		n, ok := p.braced(start, closing)
		if !ok {
			return p.namedReference(closing)
		}
		if n == 0 {
			p.fail(errNoGroup, p.pos)
		}
		return p.referenceTo(n)
	}
	n, ok := p.braced(start, closing)
	if !ok {
		offset := p.pos
		return &node{op: opCall, name: p.readName(closing), offset: offset}
	}
	return &node{op: opCall, number: n, offset: p.pos - 1}
}

// braced reads an opening sign, a number and a closing sign. Errors are at the
// opening sign. If no number follows, it stops right after the opening sign.
func (p *parser) braced(start int, closing string) (n int, ok bool) {
	p.failingAt(start, func() {
		p.pos = start + 1
		if n, ok = p.number(); ok && !p.take(closing) {
			p.fail(errGName, start)
		}
	})
	return n, ok
}

// failingAt moves the errors of a function to another place.
func (p *parser) failingAt(offset int, f func()) {
	defer func() {
		if r := recover(); r != nil {
			if syntax, ok := r.(*SyntaxError); ok {
				syntax.Offset = offset
			}
			panic(r)
		}
	}()
	f()
}

func (p *parser) namedReference(closing string) *node {
	offset := p.pos
	return &node{op: opReference, name: p.readName(closing), caseless: p.options&Caseless != 0, offset: offset}
}

// classEscape is an escape for several characters, in a class or outside.
func (p *parser) classEscape(c rune) (*node, bool) {
	var s set
	switch c | 0x20 {
	case 'd':
		s = digits
	case 'h':
		s = horizontal
	case 's':
		s = spaces
	case 'v':
		s = vertical
	case 'w':
		s = wordBytes
	case 'p':
		return p.property(c == 'P'), true
	default:
		return nil, false
	}
	if c < 'a' {
		return p.one(s.but(p.last)), true
	}
	return p.one(s.within(p.last)), true
}

// character reads the rest of an escape for one character.
func (p *parser) character(c rune) rune {
	switch {
	case c == 'a':
		return '\a'
	case c == 'e':
		return 0x1b
	case c == 'f':
		return '\f'
	case c == 'n':
		return '\n'
	case c == 'r':
		return '\r'
	case c == 't':
		return '\t'
	case c == 'c':
		return p.control()
	case c == 'o':
		if !p.take("{") {
			if p.end() {
				p.fail(errOctalBrace, p.pos-1)
			}
			p.fail(errOctalBrace, p.pos)
		}
		return p.bracedDigits(8, errNotOctal)
	case c == 'x':
		return p.hexadecimal()
	case c >= '0' && c <= '7':
		return p.octal(c)
	case c == 'F' || c == 'L' || c == 'l' || c == 'U' || c == 'u':
		p.fail(errPerlOnly, p.pos)
	case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		p.fail(errEscape, p.pos-1)
	}
	return c
}

func (p *parser) control() rune {
	if p.end() {
		p.fail(errControlEnd, p.pos)
	}
	c := rune(p.src[p.pos])
	if c < ' ' || c > '~' {
		p.fail(errControl, p.pos)
	}
	p.pos++
	if c >= 'a' && c <= 'z' {
		c += 'A' - 'a'
	}
	return c ^ 0x40
}

func (p *parser) octal(c rune) rune {
	n := c - '0'
	for i := 0; i < 2 && !p.end() && p.src[p.pos] >= '0' && p.src[p.pos] <= '7'; i++ {
		n = n*8 + rune(p.src[p.pos]-'0')
		p.pos++
	}
	if n > p.last {
		p.fail(errOctal, p.pos)
	}
	return n
}

func (p *parser) hexadecimal() rune {
	if p.take("{") {
		return p.bracedDigits(16, errNotHex)
	}
	n := rune(0)
	for range 2 {
		d := p.digitOf(16)
		if d < 0 {
			break
		}
		n = n*16 + d
		p.pos++
	}
	return n
}

// digitOf is the value of the digit that stands here, or below 0.
func (p *parser) digitOf(base int) rune {
	if p.end() {
		return -1
	}
	return rune(strings.IndexByte("0123456789abcdef"[:base], p.src[p.pos]|0x20))
}

// bracedDigits reads a character's number up to the closing brace.
func (p *parser) bracedDigits(base int, notDigit string) rune {
	if p.end() || p.at("}") {
		p.fail(errNoDigits, p.pos)
	}
	n := rune(0)
	for {
		d := p.digitOf(base)
		if d < 0 {
			break
		}
		p.pos++
		if n = n*rune(base) + d; n > p.last {
			for p.digitOf(base) >= 0 {
				p.pos++
			}
			p.fail(errCharacterTooBig, p.pos)
		}
	}
	switch {
	case p.end():
		p.fail(notDigit, p.pos-1)
	case !p.at("}"):
		p.fail(notDigit, p.pos)
	}
	if n >= 0xd800 && n <= 0xdfff && p.last == maxRune {
		p.fail(errSurrogate, p.pos)
	}
	p.pos++
	return n
}

// named reports whether a name follows \N. PCRE2 looks for a quantifier there
// before it reads on.
func (p *parser) named() bool {
	if !p.at("{") {
		return false
	}
	before := p.pos
	counted := false
	p.failingAt(before, func() { _, _, counted = p.quantifier() })
	p.pos = before
	return !counted
}

// namedCharacter reads {U+hex} behind \N.
func (p *parser) namedCharacter() rune {
	if !p.at("{U+") {
		p.fail(errPerlOnly, p.pos)
	}
	if p.last == maxByte {
		p.fail(errNamedCharacter, p.pos)
	}
	p.pos += len("{U+")
	return p.bracedDigits(16, errNotHex)
}
