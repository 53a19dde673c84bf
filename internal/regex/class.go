package regex

import "strings"

// class reads a class, behind its opening bracket.
func (p *parser) class() (items []*node, repeatable bool) {
	if p.take("[:<:]]") {
		return []*node{{op: opAnchor, text: `\b`}, {op: opLook, text: "?=", subs: []*node{p.one(wordBytes)}}}, true
	}
	if p.take("[:>:]]") {
		return []*node{{op: opAnchor, text: `\b`}, {op: opLook, text: "?<=", subs: []*node{p.one(wordBytes)}}}, true
	}
	if p.posixEnd() >= 0 {
		reason := errCollating
		if p.at(":") {
			reason = errPosixOutside
		}
		p.fail(reason, p.pos-1)
	}
	c := classParser{parser: p}
	c.start()
	for first := true; first || p.quoted || !p.take("]"); first = false {
		switch {
		case p.end():
			p.fail(errClassEnd, p.pos)
		case p.quotes(), !p.quoted && c.blank():
		default:
			c.part()
		}
	}
	return []*node{c.made()}, true
}

// classParser collects what a class holds.
type classParser struct {
	*parser
	negated    bool
	literal    set // by characters and ranges, which [Caseless] folds
	sets       set // by escapes and POSIX names
	foreign    string
	properties int  // by \p and \P
	from       rune // the last character, which a range may begin with
	state      rangeState
}

type rangeState uint8

const (
	noRange     rangeState = iota
	mayRange               // a hyphen would begin a range
	afterHyphen            // the hyphen of a range stood here
)

// start reads the sign ^.
func (c *classParser) start() {
	for !c.end() {
		switch {
		case c.take(`\E`), c.take(`\Q\E`):
			if c.end() {
				c.fail(errBackslashEnd, c.pos)
			}
		case c.blank():
		case !c.negated && c.take("^"):
			c.negated = true
		default:
			return
		}
	}
}

// blank moves behind a blank that (?xx) has ignored.
func (c *classParser) blank() bool {
	return c.options&extendedMore != 0 && (c.take(" ") || c.take("\t"))
}

// part reads one character, escape or POSIX name; what stands before it tells
// whether it ends a range.
func (c *classParser) part() {
	switch {
	case c.quoted:
		c.add(c.next())
	case c.at("[") && c.posixAt(c.pos+1) >= 0:
		c.posix()
	case c.state == mayRange && c.take("-"):
		c.state = afterHyphen
	case c.take(`\`):
		c.escape()
	default:
		c.add(c.next())
	}
}

// add takes a character that stands for itself.
func (c *classParser) add(char rune) {
	switch {
	case c.state != afterHyphen:
		c.literal = append(c.literal, char, char)
		c.from, c.state = char, mayRange
		return
	case c.from > char:
		c.fail(errRangeOrder, c.pos-1)
	}
	c.literal = append(c.literal, c.from, char)
	c.state = noRange
}

func (c *classParser) escape() {
	if c.end() {
		c.fail(errBackslashEnd, c.pos)
	}
	char := c.next()
	named := char == 'N' && c.named()
	if c.state == afterHyphen && (strings.ContainsRune("ACDGHKPSVWZdhkpsvwz", char) || char == 'N' && !named) {
		c.fail(errRange, c.pos)
	}
	if n, ok := c.classEscape(char); ok {
		c.notBeforeHyphen()
		if char == 'p' || char == 'P' {
			c.properties++
		}
		if n.op == opForeignSet {
			c.foreign = n.text
		}
		c.sets = append(c.sets, n.set...)
		return
	}
	switch {
	case char == 'b':
		c.add('\b')
	case char == 'g', char == '8', char == '9':
		c.add(char)
	case named:
		c.add(c.namedCharacter())
	case char == 'N':
		c.fail(errClassN, c.pos)
	case strings.ContainsRune("ABCGKRXZkz", char):
		c.fail(errClassEscape, c.pos-1)
	default:
		c.add(c.character(char))
	}
}

// notBeforeHyphen refuses a hyphen after an escape or a POSIX name, unless the
// hyphen ends the class.
func (c *classParser) notBeforeHyphen() {
	if c.at("-") && c.pos+1 < len(c.src) && c.src[c.pos+1] != ']' {
		c.fail(errRange, c.pos)
	}
	c.state = noRange
}

// posix reads a POSIX name.
func (c *classParser) posix() {
	end := c.posixAt(c.pos + 1)
	if c.state == afterHyphen {
		c.fail(errRange, c.pos+1)
	}
	if c.src[c.pos+1] != ':' {
		c.fail(errCollating, c.pos)
	}
	c.pos += 2
	negated := c.take("^")
	name := c.src[c.pos:end]
	s, ok := posixClasses[name]
	if !ok {
		c.fail(errPosixName, c.pos)
	}
	if c.options&Caseless != 0 && (name == "lower" || name == "upper") {
		s = posixClasses["alpha"]
	}
	if negated {
		s = s.but(c.last)
	}
	c.sets = append(c.sets, s...)
	c.pos = end + 2
	c.notBeforeHyphen()
}

// made returns the class as a node.
func (c *classParser) made() *node {
	if c.state == afterHyphen {
		c.literal = append(c.literal, '-', '-')
	}
	if c.foreign != "" {
		return &node{op: opForeignSet, text: c.foreign, size: c.size()}
	}
	s := c.literal.normal()
	if c.options&Caseless != 0 {
		s = s.folded(c.last)
	}
	s = append(s, c.sets...).normal()
	if c.negated {
		s = s.but(c.last)
	}
	return &node{op: opSet, set: s, size: c.size()}
}

// size is the size of the class in PCRE2's compiled form.
func (c *classParser) size() int {
	const table, character, header, property = 33, 2, 6, 3
	switch {
	case len(c.literal) == 2 && c.literal[0] == c.literal[1] && len(c.sets) == 0 && c.properties == 0:
		return character
	case c.properties > 0:
		return table + header + property*c.properties
	}
	return table
}

// posixEnd is where the POSIX class that begins here ends, or below 0.
func (p *parser) posixEnd() int { return p.posixAt(p.pos) }

func (p *parser) posixAt(at int) int {
	if at >= len(p.src) || !strings.ContainsRune(":.=", rune(p.src[at])) {
		return -1
	}
	sign := p.src[at]
	for i := at + 1; i+1 < len(p.src); i++ {
		c, next := p.src[i], p.src[i+1]
		switch {
		case c == '\\' && (next == ']' || next == '\\'):
			i++
		case c == '[' && next == sign || c == ']':
			return -1
		case c == sign && next == ']':
			return i
		}
	}
	return -1
}
