package regex

import (
	"slices"
	"strings"
)

// Bounds of lookbehinds.
const (
	// maxFixed is how many characters a lookbehind of one length may look back,
	// and maxVaried the same for one of several lengths.
	maxFixed  = 65535
	maxVaried = 255
)

// verify checks the rules that need the whole expression, in PCRE2's order.
func (p *parser) verify(tree *node) {
	l := &lengths{parser: p, known: map[*node]span{}}
	l.lookbehinds(tree)
	p.resolve(tree, false)
	if size(tree)+bracket+1 > maxSize {
		p.fail(errTooLarge, len(p.src))
	}
	p.branches(tree)
}

// resolve finds the groups that are referred to. It refuses \K in lookarounds
// only here, as PCRE2 does.
func (p *parser) resolve(n *node, inLook bool) {
	switch n.op {
	case opKeep:
		if inLook {
			p.fail(errKeep, len(p.src))
		}
	case opReference:
		n.numbers = p.referred(n)
	case opCall:
		if numbers := p.referred(n); n.name != "" {
			n.number = numbers[0]
		}
	case opIf:
		p.resolveCondition(n)
	}
	for _, sub := range n.subs {
		p.resolve(sub, inLook || n.op == opLook)
	}
}

// branches refuses conditions with too many alternatives.
func (p *parser) branches(n *node) {
	for _, sub := range n.subs {
		p.branches(sub)
	}
	switch {
	case n.op == opDefine && n.max > 1:
		p.fail(errDefine, n.offset)
	case n.op == opIf && n.max > 2:
		if n.number > 0 && n.name == "" {
			n.offset -= len("?(")
		}
		p.fail(errThreeBranches, n.offset)
	}
}

// referred are the numbers of the groups that a reference stands for.
func (p *parser) referred(n *node) []int {
	if n.name == "" {
		if n.number > p.highest {
			p.fail(errNoGroup, n.offset)
		}
		return []int{n.number}
	}
	numbers := p.names[n.name]
	if len(numbers) == 0 {
		p.fail(errNoGroup, n.offset)
	}
	return numbers
}

func (p *parser) resolveCondition(n *node) {
	switch {
	case n.number == onRecursion:
		n.numbers = p.referred(n)
	case n.number < 0:
	case n.name == "":
		n.numbers = p.referred(n)
	case p.names[n.name] != nil:
		n.numbers = p.names[n.name]
	case n.text != "": // unless a group has that name
		number := 0
		for _, d := range []byte(n.name[1:]) {
			number = number*10 + int(d-'0')
		}
		n.number = onRecursion
		if n.name != "R" {
			n.numbers = p.referred(&node{number: number, offset: n.offset})
		}
	default:
		p.fail(errNoGroup, n.offset)
	}
}

// isRecursion reports whether a condition has the form R or R1.
func isRecursion(name string) bool {
	number, ok := strings.CutPrefix(name, "R")
	return ok && strings.Trim(number, "0123456789") == ""
}

// lengths measures the content of lookbehinds.
type lengths struct {
	*parser
	open   []*node        // the groups that are being measured
	known  map[*node]span // of groups that are called
	offset int            // of the lookbehind
}

// span is the least and the greatest number of characters that a node matches.
type span struct {
	lo, hi  int
	bounded bool
}

// lookbehinds measures the lookbehinds of a tree.
func (l *lengths) lookbehinds(n *node) {
	if n.op == opLook && strings.HasPrefix(n.text, "?<") {
		l.lookbehind(n)
		return
	}
	for _, sub := range n.subs {
		l.lookbehinds(sub)
	}
}

// lookbehind refuses a lookbehind without a bounded length.
func (l *lengths) lookbehind(n *node) {
	before := l.offset
	for _, branch := range alternatives(n.subs[0]) {
		l.offset = n.offset
		s := l.measure(branch)
		switch {
		case !s.bounded, s.lo != s.hi && s.hi > maxVaried:
			l.fail(errLookbehind, n.offset)
		case s.hi > maxFixed:
			l.fail(errLookbehindLong, n.offset)
		}
	}
	l.offset = before
}

// alternatives are the alternatives of a group.
func alternatives(n *node) []*node {
	if n.op == opAlternate {
		return n.subs
	}
	return []*node{n}
}

func (l *lengths) measure(n *node) span {
	switch n.op {
	case opByte:
		if l.last == maxRune {
			l.fail(errLookbehindByte, l.offset)
		}
		return span{1, 1, true}
	case opSet, opForeignSet:
		return span{1, 1, true}
	case opNewline:
		return span{1, 2, true}
	case opForeign:
		if n.max < 0 {
			return span{}
		}
		return l.sum(n.subs)
	case opConcat:
		return l.sum(n.subs)
	case opCapture, opAtomic:
		return l.measure(n.subs[0])
	case opLook:
		l.lookbehinds(n)
	case opAlternate:
		return l.widest(n.subs)
	case opIf:
		l.lookbehinds(n.subs[0])
		return l.widest(n.subs[1 : 1+min(n.max, 2)])
	case opRepeat:
		s := l.measure(n.subs[0])
		if !s.bounded || n.max < 0 && s.hi > 0 {
			return span{}
		}
		return span{min(s.lo*n.min, 1<<30), min(s.hi*max(n.max, 0), 1<<30), true}
	case opReference, opCall:
		return l.called(n)
	}
	return span{bounded: true}
}

func (l *lengths) sum(subs []*node) span {
	total := span{bounded: true}
	for _, sub := range subs {
		if sub == fail || sub.op == opForeign && sub.text == "(*ACCEPT)" {
			break // what follows is never reached
		}
		s := l.measure(sub)
		if !s.bounded {
			return s
		}
		total.lo, total.hi = min(total.lo+s.lo, 1<<30), min(total.hi+s.hi, 1<<30)
	}
	return total
}

func (l *lengths) widest(subs []*node) span {
	var all span
	for i, sub := range subs {
		s := l.measure(sub)
		if !s.bounded {
			return s
		}
		if i == 0 {
			all = s
		}
		all.lo, all.hi = min(all.lo, s.lo), max(all.hi, s.hi)
	}
	return all
}

// called measures the group of a reference or a call.
func (l *lengths) called(n *node) span {
	numbers := l.referred(n)
	if len(numbers) > 1 && n.op == opReference || numbers[0] == 0 {
		return span{}
	}
	group := l.groups[numbers[0]]
	if s, ok := l.known[group]; ok {
		return s
	}
	if slices.Contains(l.open, group) {
		return span{}
	}
	l.open = append(l.open, group)
	s := l.measure(group)
	l.open = l.open[:len(l.open)-1]
	l.known[group] = s
	return s
}
