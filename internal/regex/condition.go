package regex

import "strings"

// The conditions of an opIf, besides the number of a group.
const (
	onAssertion = -1 - iota
	onRecursion
	onVersion
	onOlderVersion
)

// conditional reads a group that matches one of two alternatives by a
// condition, after (?(.
func (p *parser) conditional() *node {
	n := &node{op: opIf}
	if p.end() {
		p.fail(errUnclosed, p.pos)
	}
	if p.at("?") || p.at("*") {
		p.pos--
		n.number = onAssertion
		n.subs = append(n.subs, p.assertion())
	} else {
		p.condition(n)
		if !p.take(")") {
			p.fail(errCondition, p.pos)
		}
		n.subs = append(n.subs, nothing)
	}
	inner := p.inner()
	branches := []*node{inner}
	if inner.op == opAlternate {
		branches = inner.subs
	}
	n.max = len(branches)
	n.subs = append(n.subs, branches...)
	if len(branches) == 1 {
		n.subs = append(n.subs, nothing)
	}
	return n
}

// assertion reads the lookaround that is a condition.
func (p *parser) assertion() *node {
	p.depth++
	defer func() { p.depth-- }()
	for callouts := 1; ; callouts-- {
		for !p.end() && p.ignorable() {
		}
		if p.end() {
			p.fail(errUnclosed, p.pos)
		}
		start := p.pos
		rest, ok := strings.CutPrefix(p.src[p.pos:], "(")
		if !ok || len(rest) < 3 {
			p.fail(errAssertion, start)
		}
		switch {
		case callouts > 0 && strings.HasPrefix(rest, "?C"):
			p.pos += len("(?C")
			p.callout()
			continue
		case strings.HasPrefix(rest, "*") && rest[1] >= 'a' && rest[1] <= 'z':
			p.pos += len("(*")
			return p.spelledAssertion()
		case strings.HasPrefix(rest, "?="), strings.HasPrefix(rest, "?!"), strings.HasPrefix(rest, "?<="), strings.HasPrefix(rest, "?<!"):
			p.pos += len("(?")
			items, _ := p.extension(start)
			return items[0]
		}
		p.fail(errAssertion, start)
	}
}

func (p *parser) spelledAssertion() *node {
	before := p.pos
	name := p.word()
	kind := spellings[name]
	switch {
	case kind == "" || !p.at(":"):
		p.fail(errAlpha, p.pos)
	case strings.HasSuffix(kind, "*"):
		p.fail(errAtomicAssertion, p.pos)
	case kind == "?>" || kind == "script":
		p.fail(errAssertion, p.pos)
	}
	p.pos = before
	return p.spelled()
}

// condition reads a condition that is no lookaround.
func (p *parser) condition(n *node) {
	if number, ok := p.number(); ok {
		if number == 0 {
			p.fail(errNoGroup, p.pos)
		}
		n.number, n.offset = number, p.pos-2
		return
	}
	rest := p.src[p.pos:]
	switch {
	case len(rest) >= 10 && strings.HasPrefix(rest, "VERSION") && rest[7] != ')':
		p.pos += len("VERSION")
		n.number = p.version()
	case p.take("R&"):
		n.offset, n.number = p.pos, onRecursion
		n.name = p.readName(")")
		p.pos--
	case p.take("<"):
		n.offset = p.pos
		n.name = p.readName(">")
	case p.take("'"):
		n.offset = p.pos
		n.name = p.readName("'")
	default:
		n.offset = p.pos
		n.name = p.readName(")")
		p.pos--
		if n.name == "DEFINE" {
			n.op, n.name = opDefine, ""
		}
		if isRecursion(n.name) {
			n.text = n.name
			p.recursionNumber(n)
		}
	}
}

// recursionNumber refuses a number too big in a condition like R1.
func (p *parser) recursionNumber(n *node) {
	number := 0
	for i, d := range []byte(n.name[1:]) {
		if number = number*10 + int(d-'0'); number > maxGroups {
			p.fail(errNumberTooBig, n.offset+1+i)
		}
	}
}

// ours is the version of PCRE2 that conditions can compare with, times 100.
const ours = 1040

func (p *parser) version() int {
	least := p.take(">")
	if !p.take("=") || !p.digit() {
		p.fail(errVersion, p.pos)
	}
	major, minor := 0, 0
	for p.digit() {
		major = major*10 + int(p.src[p.pos]-'0')
		p.pos++
		if major > 1000 {
			p.fail(errVersion, p.pos)
		}
	}
	if p.take(".") {
		if !p.digit() {
			p.fail(errVersion, p.pos)
		}
		for scale := 10; scale > 0 && p.digit(); scale /= 10 {
			minor += scale * int(p.src[p.pos]-'0')
			p.pos++
		}
		if !p.at(")") {
			p.fail(errVersion, p.pos)
		}
	}
	if asked := major*100 + minor; asked == ours || least && asked < ours {
		return onVersion
	}
	return onOlderVersion
}
